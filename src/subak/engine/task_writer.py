"""TaskWriter: tasks and their results, to rows of the journal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import apsw
import zstandard

from subak.engine.call_key import stored_key
from subak.engine.records import TaskRecord
from subak.engine.result_reader import ResultReader
from subak.engine.rows import storable
from subak.engine.seal import seal

_LEVEL = 3
_MOST_SCOPES = 10_000
_OLDER = "SELECT id, state FROM task_row WHERE item = ? AND +scope = ? AND key = ?"
_TASK = "INSERT INTO task_row VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?)"
# A number of its own: whoever reads on from the last one sees it again.
_TASK_ANEW = (
    "UPDATE task_row SET id = (SELECT max(id) + 1 FROM task_row), input = ?,"
    " state = ?, started = ?, seconds = ?, attempts = ? WHERE id = ?"
)
_RESULT = "INTO result VALUES(?, ?, ?, ?, ?, ?, ?)"

_Shared = tuple[str, str, tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]


@dataclass(slots=True, eq=False)
class Beginning:
    """A task that has begun.

    Args:
        is_over: It has ended; if that is before its row was written, none is needed.
        row: The number of its row, 0 without one.
    """

    run: str
    stage: str
    item: str
    started: float
    is_over: bool = False
    row: int = 0


class TaskWriter:
    """Writes rows of tasks.

    What many tasks share (run, stage, parts of the key but the input, labels) is one
    row, called by its content's hash.

    Guarantees: a result, its task's row and the end of its beginning are one change.
    Assumes: used in the writer thread, inside its transaction. What it remembers of
    the file is forgotten whenever a transaction is rolled back.
    """

    def __init__(self) -> None:
        self._results: ResultReader | None = None
        self._scopes: dict[_Shared, int] = {}
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)

    def begin(self, connection: apsw.Connection, beginning: Beginning) -> None:
        """Keep that a task is being done, if it still is."""
        beginning.row = 0
        if beginning.is_over:
            return
        texts = (beginning.run, storable(beginning.stage), storable(beginning.item))
        connection.execute(
            "INSERT INTO begun VALUES(NULL, ?, ?, ?, ?)", (*texts, beginning.started)
        )
        beginning.row = connection.last_insert_rowid()

    def put_result(
        self,
        connection: apsw.Connection,
        task: TaskRecord,
        payload: bytes,
        ts: float,
        *,
        replace: bool,
    ) -> None:
        """Keep a result; one that is there and sound stays unless ``replace``."""
        owner = (storable(task.stage), storable(task.item), task.run)
        row = (task.key, *owner, ts + 0.0, self._compressor.compress(payload))
        sealed = (*row, seal("result", row))
        if not replace:
            connection.execute(f"INSERT OR IGNORE {_RESULT}", sealed)
            if connection.changes():
                return
            if self._attach(connection).find(task.key).value is not None:
                return
        connection.execute(f"INSERT OR REPLACE {_RESULT}", sealed)

    def put_task(
        self,
        connection: apsw.Connection,
        task: TaskRecord,
        beginning: Beginning | None = None,
    ) -> None:
        """Keep what became of a task, in place of what was known before.

        A resumed run finds its own finished tasks cached; they stay done, with the
        time they took.
        """
        if beginning is not None and beginning.row:
            connection.execute("DELETE FROM begun WHERE id = ?", (beginning.row,))
        scope = self._scope(connection, task)
        item, stored = storable(task.item), stored_key(task.key)
        digest = task.parts.get("input")
        values = (
            None if digest is None else stored_key(digest),
            task.state,
            task.started,
            task.seconds,
            task.attempts,
        )
        older = connection.execute(_OLDER, (item, scope, stored)).fetchone()
        if older is None:
            connection.execute(_TASK, (scope, item, stored, *values))
        elif older[1] != "done" or task.state != "cached":
            connection.execute(_TASK_ANEW, (*values, older[0]))

    def _attach(self, connection: apsw.Connection) -> ResultReader:
        if self._results is None:
            self._results = ResultReader(connection)
            connection.set_rollback_hook(self._scopes.clear, id=self)
        return self._results

    def _scope(self, connection: apsw.Connection, task: TaskRecord) -> int:
        parts = tuple([part for part in task.parts.items() if part[0] != "input"])
        shared = (task.run, task.stage, parts, tuple(task.labels.items()))
        number = self._scopes.get(shared)
        if number is None:
            self._attach(connection)
            number = _add_scope(connection, task.run, task.stage, parts, task.labels)
            if len(self._scopes) >= _MOST_SCOPES:
                self._scopes.clear()
            self._scopes[shared] = number
        return number


def _add_scope(
    connection: apsw.Connection,
    run: str,
    stage: str,
    parts: tuple[tuple[str, str], ...],
    labels: Mapping[str, str],
) -> int:
    texts = (
        storable(run),
        storable(stage),
        json.dumps(dict(parts), sort_keys=True),
        json.dumps(dict(labels), sort_keys=True),
    )
    number = _scope_id(texts)
    connection.execute(
        "INSERT OR IGNORE INTO scope VALUES(?, ?, ?, ?, ?)", (number, *texts)
    )
    return number


def _scope_id(texts: tuple[str, ...]) -> int:
    digest = hashlib.blake2b(digest_size=8)
    for text in texts:
        data = text.encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return int.from_bytes(digest.digest(), "big", signed=True)
