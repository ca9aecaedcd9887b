"""What each stage cost: tasks, calls, tokens, seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from subak.views.calls import Call
from subak.views.tallies import StageTally
from subak.views.tasks import Task


@dataclass(frozen=True, slots=True)
class StageCosts:
    """The bill of one stage.

    Args:
        task_seconds: Sum of the times of its tasks, waiting for a slot included.
        call_seconds: Sum of the times of its model calls.
    """

    stage: str
    done: int = 0
    cached: int = 0
    failed: int = 0
    skipped: int = 0
    running: int = 0
    task_seconds: float = 0.0
    calls: int = 0
    call_seconds: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0

    @property
    def tasks(self) -> int:
        """Return how many tasks it had so far."""
        return self.done + self.cached + self.failed + self.skipped + self.running

    def to_json(self) -> dict[str, object]:
        """Return the bill with the names of the outer contract."""
        return {
            "stage": self.stage,
            "tasks": {
                "done": self.done,
                "cached": self.cached,
                "failed": self.failed,
                "skipped": self.skipped,
                "running": self.running,
            },
            "seconds": round(self.task_seconds, 3),
            "calls": self.calls,
            "call_seconds": round(self.call_seconds, 3),
            "tokens": {
                "in": self.tokens_in,
                "out": self.tokens_out,
                "cached": self.tokens_cached,
            },
        }


def stage_costs(
    order: Sequence[str],
    tasks: Sequence[Task],
    calls: Sequence[Call],
    tallies: Sequence[StageTally] = (),
) -> list[StageCosts]:
    """Return the bill of each stage, in the given order, others after them."""
    counted = {tally.stage: tally for tally in tallies}
    names = [*order, *(task.stage for task in tasks), *counted]
    names += [call.stage for call in calls if call.stage]
    return [
        _bill(name, tasks, calls, counted.get(name)) for name in dict.fromkeys(names)
    ]


def _bill(
    stage: str,
    tasks: Sequence[Task],
    calls: Sequence[Call],
    tally: StageTally | None,
) -> StageCosts:
    mine = [task for task in tasks if task.stage == stage]
    asked = [call for call in calls if call.stage == stage]
    states = Counter(task.state for task in mine)
    if tally is not None:
        states += tally.to_counter()
    return StageCosts(
        stage=stage,
        done=states["done"],
        cached=states["cached"],
        failed=states["failed"],
        skipped=states["skipped"],
        running=states["running"],
        task_seconds=sum(task.seconds for task in mine if task.state != "cached"),
        calls=len(asked),
        call_seconds=sum(call.seconds for call in asked),
        tokens_in=sum(call.tokens_in for call in asked),
        tokens_out=sum(call.tokens_out for call in asked),
        tokens_cached=sum(call.tokens_cached for call in asked),
    )
