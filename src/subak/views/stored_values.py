"""iter_values: what a stage made in a run, decoded; and which run's values count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import apsw
import msgspec

from subak.engine.memo import unpack
from subak.engine.result_reader import ResultReader
from subak.errors import Terminal
from subak.knowledge.codec import JsonCodec
from subak.views.runs import Run, get_run

T = TypeVar("T")

_KEYS = (
    "SELECT item, key FROM task WHERE run = ? AND stage = ?"
    " AND state IN ('done', 'cached') ORDER BY started, rowid"
)
# A run still at work has not published: what people see is what stands in the files.
_WITH = (
    "SELECT run.id FROM run WHERE EXISTS (SELECT 1 FROM task WHERE task.run = run.id"
    " AND task.stage IN ({marks}) AND task.state IN ('done', 'cached'))"
    " ORDER BY run.rowid DESC LIMIT 1"
)
_MAKING = ("facts", "claims", "verify", "review")


def find_results_run(db: apsw.Connection, name: str = "") -> Run:
    """Return the run whose values are shown.

    Args:
        name: Id of one; by default the newest run that published, else the newest
            that made any value, else the newest.

    Raises:
        UserError: There is no such run.
    """
    if name:
        return get_run(db, name)
    for stages in (("publish",), _MAKING):
        query = _WITH.format(marks=", ".join("?" * len(stages)))
        if found := db.execute(query, stages).get:
            return get_run(db, str(found))
    return get_run(db)


def has_stage(db: apsw.Connection, run: str, stage: str) -> bool:
    """Tell whether a run came to a stage."""
    query = "SELECT exists(SELECT 1 FROM task WHERE run = ? AND stage = ?)"
    return bool(db.execute(query, (run, stage)).get)


def iter_values(
    db: apsw.Connection, run: str, stage: str, kind: type[T]
) -> Iterator[T]:
    """Yield what a stage made in a run or took from the journal, by item."""
    keys = result_keys(db, run, stage)
    yield from read_values(db, [keys[item] for item in sorted(keys)], kind)


def result_keys(db: apsw.Connection, run: str, stage: str) -> dict[str, str]:
    """Return the keys of a stage's results in a run, by item.

    Of an item that was done again under another key the newest counts.
    """
    return {str(item): str(key) for item, key in db.execute(_KEYS, (run, stage))}


def read_values(db: apsw.Connection, keys: Iterable[str], kind: type[T]) -> Iterator[T]:
    """Yield the results of these keys.

    One that is damaged, or of another version of subak, is left out.
    """
    results, codec = ResultReader(db), JsonCodec(kind)
    for key in keys:
        found = results.find(key).value
        if found is None:
            continue
        try:
            yield from [codec.decode(one.data) for one in unpack(found.payload)]
        except (msgspec.DecodeError, Terminal):
            continue
