"""EndedTask: how each task of a run ended, read as a stream of rows.

For runs of any number of pages: one row is held at a time. The list of all tasks, with
what their keys were made of, is the business of tasks.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import apsw

from subak.engine.records import TaskState

_Row = tuple[str, str, TaskState, str, float, float]

_ROWS = (
    "SELECT stage, item, state, key, started, seconds FROM task WHERE run = ?"
    " ORDER BY stage, item, started, rowid"
)


@dataclass(frozen=True, slots=True)
class EndedTask:
    """What became of one stage on one item; see Task."""

    stage: str
    item: str
    state: TaskState
    key: str
    started: float
    seconds: float


def iter_ended(db: apsw.Connection, run: str) -> Iterator[EndedTask]:
    """Yield each stage and item of a run once, by stage and item.

    Of an item that was done again under another key the newest row counts. What this
    run did itself stays "done" when the run was resumed and found it in the journal.
    """
    last: _Row | None = None
    is_made = False
    for row in db.execute(_ROWS, (run,)):
        if last is not None and (row[1] != last[1] or row[0] != last[0]):
            yield _ended(last, is_made=is_made)
            is_made = False
        is_made = is_made or row[2] == "done"
        last = row
    if last is not None:
        yield _ended(last, is_made=is_made)


def _ended(row: _Row, *, is_made: bool) -> EndedTask:
    stage, item, state, key, started, seconds = row
    if state == "cached" and is_made:
        state = "done"
    return EndedTask(stage, item, state, key, started, seconds)
