"""What work has cost on this machine so far, stage by stage: the base of estimates."""

from __future__ import annotations

from dataclasses import dataclass

import apsw

_SQL = """
SELECT owner.stage, count(*), sum(call.tokens_in), sum(call.tokens_out),
       sum(call.seconds), max(call.slot)
FROM call JOIN owner ON owner.id = call.owner GROUP BY owner.stage
"""
_TASKS = """
SELECT (SELECT count(*) FROM task WHERE stage = ?1 AND state = 'done')
     + (SELECT coalesce(sum(done + before), 0) FROM tally WHERE stage = ?1)
"""
_LAST = (
    "SELECT id FROM run WHERE recipe = ? AND status IN ('done', 'partial')"
    " ORDER BY rowid DESC LIMIT 1"
)
_SIZES = "SELECT stage, count(DISTINCT item) FROM task WHERE run = ? GROUP BY stage"


@dataclass(frozen=True, slots=True)
class StageHistory:
    """Mean cost of one task of a stage.

    Args:
        calls: Model calls.
        tokens_in: Prompt tokens.
        tokens_out: Generated tokens.
        seconds: Sum of its calls' durations.
        at_once: Calls that ran at the same time, at most, over the stage.
    """

    calls: float
    tokens_in: float
    tokens_out: float
    seconds: float
    at_once: int


def read_history(db: apsw.Connection) -> dict[str, StageHistory]:
    """Return the mean cost of a task by stage; stages without calls are left out."""
    history: dict[str, StageHistory] = {}
    for stage, calls, tokens_in, tokens_out, seconds, slot in db.execute(_SQL):
        tasks = next(iter(db.execute(_TASKS, (stage,))))[0]
        if tasks:
            history[stage] = StageHistory(
                calls=calls / tasks,
                tokens_in=tokens_in / tasks,
                tokens_out=tokens_out / tasks,
                seconds=seconds / tasks,
                at_once=max(1, slot + 1),
            )
    return history


def read_expected(db: apsw.Connection, recipe: str) -> dict[str, int]:
    """Return how many tasks each stage had when the recipe last ran to its end."""
    run = db.execute(_LAST, (recipe,)).get
    return {} if run is None else dict(db.execute(_SIZES, (run,)))
