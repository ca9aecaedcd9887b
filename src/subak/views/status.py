"""How a run stands: its summary, its stages, what is in flight."""

from __future__ import annotations

from dataclasses import dataclass

import apsw

from subak.views.call_rows import list_under_way
from subak.views.costs import StageCosts, read_costs
from subak.views.deadline import Prospect, read_prospect
from subak.views.limits import LimitChange, read_limit_changes
from subak.views.runs import get_run
from subak.views.sources import SourceFigures, read_sources
from subak.views.summary import RunSummary, run_summary
from subak.views.tasks import Task, read_running


@dataclass(frozen=True, slots=True)
class Status:
    """A run as it stands now.

    Args:
        started: When it was begun.
        ended: When it was ended, None while it is not.
        running: Tasks begun and not ended; of a killed run those it was at.
        open_calls: Calls sent and not answered since the run was taken up.
        limits: How each endpoint's number of calls at once changed last.
        prospect: Its deadline and whether that is met; None for a run without one.
    """

    summary: RunSummary
    started: float
    ended: float | None
    stages: tuple[StageCosts, ...]
    running: tuple[Task, ...]
    open_calls: int
    limits: tuple[LimitChange, ...] = ()
    sources: tuple[SourceFigures, ...] = ()
    prospect: Prospect | None = None

    def to_json(self) -> dict[str, object]:
        """Return the summary's object with the stages added."""
        return {
            **self.summary.to_json(),
            "started": self.started,
            "ended": self.ended,
            "stages": [stage.to_json() for stage in self.stages],
            "running": [
                {"stage": task.stage, "item": task.item} for task in self.running
            ],
            "limits": [
                {"name": one.name, "limit": one.limit, "reason": one.reason}
                for one in self.limits
            ],
            "sources": [source.to_json() for source in self.sources],
            **({} if self.prospect is None else {"deadline": self.prospect.to_json()}),
        }


def read_status(db: apsw.Connection, run: str = "", *, is_alive: bool) -> Status:
    """Return how a run stands, by default the newest.

    Args:
        is_alive: Whether a process holds the workspace; without one, a run that is
            marked as running was killed and counts as interrupted.
    """
    record = get_run(db, run)
    is_dead = record.status == "running" and not is_alive
    running = read_running(db, record.id) if record.ended is None else []
    summary = run_summary(db, record.id, status="interrupted" if is_dead else "")
    stages = read_costs(db, record.id, begun=running, is_dead=is_dead)
    return Status(
        summary=summary,
        started=record.started,
        ended=record.ended,
        stages=stages,
        running=tuple(running),
        open_calls=len(list_under_way(db, record.id)) if running else 0,
        limits=tuple(
            {one.name: one for one in read_limit_changes(db, record.id)}.values()
        ),
        sources=read_sources(db, record, summary.failed_sites),
        prospect=read_prospect(db, record, summary.deadline, stages, summary.seconds),
    )
