"""What each stage cost: tasks, calls, tokens, seconds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import apsw

from subak.views.ended_tasks import iter_ended
from subak.views.tallies import read_tallies
from subak.views.tasks import Task, read_failed_sources, stage_order

# Answered, failed and under way, whatever there is of each.
_CALLS = """
SELECT stage, sum(calls), sum(seconds), sum(tokens_in), sum(tokens_out),
       sum(tokens_cached)
FROM (
    SELECT owner.stage AS stage, count(*) AS calls,
           sum(max(call.seconds, 0.0)) AS seconds, sum(call.tokens_in) AS tokens_in,
           sum(call.tokens_out) AS tokens_out,
           sum(call.tokens_cached) AS tokens_cached
        FROM call JOIN owner ON owner.id = call.owner
        WHERE owner.run = ?1 GROUP BY owner.stage
    UNION ALL SELECT stage, count(*), sum(max(seconds, 0.0)), 0, 0, 0
        FROM attempt WHERE run = ?1 AND kind = 'call' GROUP BY stage
    UNION ALL SELECT owner.stage, count(*), 0.0, 0, 0, 0
        FROM flight JOIN owner ON owner.id = flight.owner
        WHERE owner.run = ?1 GROUP BY owner.stage)
GROUP BY stage ORDER BY stage
"""


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


def read_costs(
    db: apsw.Connection,
    run: str,
    *,
    begun: Sequence[Task] = (),
    is_dead: bool = False,
) -> tuple[StageCosts, ...]:
    """Return the bill of each stage, in the order in which they first began.

    Args:
        begun: Tasks that have not ended; what their rows say is past.
        is_dead: Nobody is at work on them any more.
    """
    places = {(task.stage, task.item) for task in begun}
    states: defaultdict[str, Counter[str]] = defaultdict(Counter)
    seconds: defaultdict[str, float] = defaultdict(float)
    for task in iter_ended(db, run):
        if (task.stage, task.item) not in places:
            states[task.stage][task.state] += 1
            seconds[task.stage] += task.seconds if task.state != "cached" else 0.0
    for source in read_failed_sources(db, run):
        states[source.stage]["failed"] += 1
        seconds[source.stage] += source.seconds
    for at_work in () if is_dead else begun:
        states[at_work.stage]["running"] += 1
    for tally in read_tallies(db, run):
        states[tally.stage] += tally.to_counter()
    calls = _read_calls(db, run)
    names = [*stage_order(db, run), *states, *(name for name in calls if name)]
    return tuple(
        _bill(name, states[name], seconds[name], calls.get(name, _Calls()))
        for name in dict.fromkeys(names)
    )


@dataclass(frozen=True, slots=True)
class _Calls:
    calls: int = 0
    seconds: float = 0.0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0


def _read_calls(db: apsw.Connection, run: str) -> dict[str, _Calls]:
    return {stage: _Calls(*sums) for stage, *sums in db.execute(_CALLS, (run,))}


def _bill(
    stage: str, states: Mapping[str, int], task_seconds: float, asked: _Calls
) -> StageCosts:
    return StageCosts(
        stage=stage,
        done=states["done"],
        cached=states["cached"],
        failed=states["failed"],
        skipped=states["skipped"],
        running=states["running"],
        task_seconds=task_seconds,
        calls=asked.calls,
        call_seconds=asked.seconds,
        tokens_in=asked.tokens_in,
        tokens_out=asked.tokens_out,
        tokens_cached=asked.tokens_cached,
    )
