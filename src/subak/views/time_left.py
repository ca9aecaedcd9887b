"""time_left: how long a run still takes, going by its stages so far. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_SMALL_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class StageWork:
    """How far a stage is.

    Args:
        total: Tasks expected of it, at least those known of.
        worked: Done or failed in this run.
        cached: Taken from the journal, which costs no time.
        ended: All that ended in whatever way.
    """

    total: int
    worked: int
    cached: int
    ended: int


def time_left(stages: Mapping[str, StageWork], seconds: float) -> float | None:
    """Return the seconds still to go, None while nobody can know.

    The slowest stage decides, for stages overlap; cached tasks cost nothing and don't
    count towards the speed. A stage of a few tasks that comes last, as publishing
    does, is not waited for.

    Args:
        stages: Those of which a number of tasks is expected.
        seconds: How long the run has been worked on.
    """
    largest = max((stage.total for stage in stages.values()), default=0)
    found: list[float] = []
    for stage in stages.values():
        left = _left(stage, seconds)
        if left is not None:
            found.append(left)
        elif stage.total >= largest * _SMALL_SHARE:
            return None
    return max(found, default=None)


def _left(stage: StageWork, seconds: float) -> float | None:
    missing = stage.total - stage.ended
    if missing <= 0 or (not stage.worked and stage.cached):
        return 0.0
    return missing * seconds / stage.worked if stage.worked else None
