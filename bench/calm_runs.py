"""calm_runs: short measurements, repeated where other processes disturbed them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bench.foreign_load import ForeignLoad
from bench.row import Conditions

Run = TypeVar("Run")
# An idle machine's own services take below 0.5 %.
_CALM_SHARE = 0.02
_MOST_TRIES = 4


@dataclass(frozen=True, slots=True)
class CalmRuns(Generic[Run]):
    """The calmest runs, in the order they were made.

    Args:
        repeated: How many others were made and left out.
        share: The most that others took of the CPU during one of ``runs``.
    """

    runs: tuple[Run, ...]
    repeated: int
    share: float


def calm_runs(
    measure: Callable[[int], Run],
    wanted: int,
    conditions: Conditions,
    watch: Callable[[], ForeignLoad],
) -> CalmRuns[Run]:
    """Measure until that many runs were calm, four times as often at the most.

    Args:
        measure: Makes the run of a number, counted from 0.
        watch: Makes what tells whether others were busy during a run.
    """
    tries: list[tuple[float, int, Run]] = []
    while len(tries) < wanted * _MOST_TRIES:
        with watch() as load:
            run = measure(len(tries))
        tries.append((load.share, len(tries), run))
        if load.share > _CALM_SHARE:
            conditions.say(f"others took {load.share:.0%} of the CPU: not counted")
        if sum(share <= _CALM_SHARE for share, _, _ in tries) == wanted:
            break
    calmest = sorted(tries, key=lambda one: one[:2])[:wanted]
    return CalmRuns(
        runs=tuple(run for _, _, run in sorted(calmest, key=lambda one: one[1])),
        repeated=len(tries) - len(calmest),
        share=max(share for share, _, _ in calmest),
    )
