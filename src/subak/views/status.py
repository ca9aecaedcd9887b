"""How a run stands: its summary, its stages, what is in flight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import apsw

from subak.views.costs import StageCosts, stage_costs
from subak.views.limits import LimitChange, read_limit_changes
from subak.views.recorded_run import RecordedRun, read_recorded_run
from subak.views.summary import RunSummary, summarise
from subak.views.tasks import Task, read_running, stage_order


@dataclass(frozen=True, slots=True)
class Status:
    """A run as it stands now.

    Args:
        started: When it was begun.
        ended: When it was ended, None while it is not.
        running: Tasks begun and not ended; of a killed run those it was at.
        open_calls: Calls sent and not answered since the run was taken up.
        limits: How each endpoint's number of calls at once changed last.
    """

    summary: RunSummary
    started: float
    ended: float | None
    stages: tuple[StageCosts, ...]
    running: tuple[Task, ...]
    open_calls: int
    limits: tuple[LimitChange, ...] = ()

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
        }


def read_status(db: apsw.Connection, run: str = "", *, is_alive: bool) -> Status:
    """Return how a run stands, by default the newest.

    Args:
        is_alive: Whether a process holds the workspace; without one, a run that is
            marked as running was killed and counts as interrupted.
    """
    return status_of(db, read_recorded_run(db, run), is_alive=is_alive)


def status_of(db: apsw.Connection, recorded: RecordedRun, *, is_alive: bool) -> Status:
    """Return how a run stands that was read already; see ``read_status``."""
    run, calls = recorded.run, recorded.calls
    is_dead = run.status == "running" and not is_alive
    running = read_running(db, run.id) if run.ended is None else []
    begun = {(task.stage, task.item) for task in running}
    tasks = [one for one in recorded.tasks if (one.stage, one.item) not in begun]
    tasks = tasks if is_dead else [*tasks, *running]
    return Status(
        summary=summarise(db, recorded, status="interrupted" if is_dead else ""),
        started=run.started,
        ended=run.ended,
        stages=tuple(
            stage_costs(stage_order(db, run.id), tasks, calls, recorded.tallies)
        ),
        running=tuple(running),
        open_calls=_open(running, [call.ended for call in calls]),
        limits=tuple(
            {one.name: one for one in read_limit_changes(db, run.id)}.values()
        ),
    )


def _open(running: Sequence[Task], ends: Sequence[float | None]) -> int:
    since = min((task.started for task in running), default=0.0)
    return sum(end is None for end in ends) if since else 0
