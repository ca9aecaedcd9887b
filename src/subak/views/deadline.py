"""A run's deadline, what it left for the next run, and whether it will be met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import apsw

from subak.views.costs import StageCosts
from subak.views.history import read_expected
from subak.views.runs import Run, read_sessions
from subak.views.stored_events import iter_events
from subak.views.time_left import StageWork, time_left
from subak.views.wording import number_of, text_of

_KINDS = ("deadline.set", "deadline.passed", "deadline.left")


@dataclass(frozen=True, slots=True)
class RunDeadline:
    """When a run was to be done, and what came of that.

    Args:
        at: In seconds since the epoch.
        told: The time of day as the recipe says it, "07:05".
        zone: Where that is meant.
        is_passed: The run was still at work then.
        left: Categories, or entities where there are none, left for the next run.
    """

    at: float
    told: str
    zone: str
    is_passed: bool = False
    left: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return it as the summary tells it."""
        return {
            "at": self.at,
            "time": self.told,
            "zone": self.zone,
            "passed": self.is_passed,
            "left": list(self.left),
        }


@dataclass(frozen=True, slots=True)
class Prospect:
    """Whether a run at work will be done by its deadline.

    Args:
        end: When it will be done, None while nobody can know.
    """

    deadline: RunDeadline
    end: float | None

    @property
    def is_met(self) -> bool | None:
        """Tell whether it will be met, None while nobody can know."""
        if self.deadline.is_passed or self.deadline.left:
            return False
        return None if self.end is None else self.end <= self.deadline.at

    def to_json(self) -> dict[str, object]:
        """Return it with the moment it will be done at."""
        return {
            **self.deadline.to_json(),
            "expected_end": None if self.end is None else round(self.end, 1),
            "met": self.is_met,
        }


def read_deadline(db: apsw.Connection, run: str) -> RunDeadline | None:
    """Return the deadline of a run as it was last taken up, None without one."""
    found: RunDeadline | None = None
    left: dict[str, None] = {}
    is_passed = False
    for stored in iter_events(db, run, kinds=_KINDS):
        event = stored.event
        if event.kind == "deadline.set":
            found = RunDeadline(
                at=number_of(event.data.get("until")),
                told=text_of(event.data.get("time")),
                zone=text_of(event.data.get("zone")),
            )
            left, is_passed = {}, False
        elif event.kind == "deadline.passed":
            is_passed = True
        else:
            left[event.item] = None
    if found is None:
        return None
    return RunDeadline(found.at, found.told, found.zone, is_passed, tuple(left))


def read_prospect(
    db: apsw.Connection,
    run: Run,
    deadline: RunDeadline | None,
    stages: Sequence[StageCosts],
    worked_s: float,
) -> Prospect | None:
    """Return whether a run will be done by its deadline, None without one.

    Args:
        stages: What its stages have done so far.
        worked_s: How long it has been worked on.
    """
    if deadline is None:
        return None
    if run.ended is not None:
        return Prospect(deadline, run.ended)
    expected = read_expected(db, run.recipe)
    known = {stage.stage: stage for stage in stages}
    work = {
        name: _work(known.get(name, StageCosts(name)), number)
        for name, number in expected.items()
    }
    left_s = time_left(work, worked_s)
    if left_s is None:
        return Prospect(deadline, None)
    now = read_sessions(db, run)[-1].ended  # its last sign of life
    return Prospect(deadline, now + left_s)


def _work(stage: StageCosts, expected: int) -> StageWork:
    return StageWork(
        total=max(expected, stage.tasks),
        worked=stage.done + stage.failed,
        cached=stage.cached,
        ended=stage.tasks - stage.running,
    )
