"""Records to rows of the journal's tables and back; calls have files of their own.

Functions that write run in the store's writer thread and may be called again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import apsw
import zstandard

from subak.engine.events import Event
from subak.engine.records import Attempt, Flight, TaskRecord
from subak.engine.seal import Column, seal

T = TypeVar("T")

_LEVEL = 3

_RESULT = (
    "SELECT key, stage, item, run, ts, payload, checksum FROM result WHERE key = ?"
)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a look-up by key came to: a sound row, a damaged one, or none."""

    value: T | None = None
    is_damaged: bool = False


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A result and whose it is."""

    stage: str
    item: str
    payload: bytes


def storable(text: str) -> str:
    """Return the text with what UTF-8 cannot hold replaced by "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")


def find_result(connection: apsw.Connection, key: str) -> Found[StoredResult]:
    """Look a result up."""
    found = _find_sealed(connection, key)
    if found.value is None:
        return Found(is_damaged=found.is_damaged)
    _key, stage, item, _run, _ts, payload = found.value
    return Found(StoredResult(str(stage), str(item), _expanded(payload)))


def find_result_keys(connection: apsw.Connection, stage: str, item: str) -> list[str]:
    """Return the keys of all results of an item, newest first."""
    cursor = connection.execute(
        "SELECT CAST(key AS BLOB) FROM result WHERE stage = ? AND item = ?"
        " ORDER BY ts DESC, rowid DESC",
        (stage, item),
    )
    return [key.decode("utf-8", "replace") for (key,) in cursor]


def find_last_parts(
    connection: apsw.Connection, stage: str, item: str
) -> dict[str, str] | None:
    """Return the key parts of the item's newest task, None if there was none."""
    row = connection.execute(
        "SELECT parts FROM task WHERE stage = ? AND item = ? ORDER BY rowid DESC",
        (stage, item),
    ).fetchone()
    return None if row is None else dict(json.loads(row[0]))


def put_result(
    connection: apsw.Connection,
    task: TaskRecord,
    payload: bytes,
    ts: float,
    *,
    replace: bool,
) -> None:
    """Keep a result; one that is there and sound stays unless ``replace``."""
    owner = (storable(task.stage), storable(task.item), task.run)
    row = (task.key, *owner, float(ts), _packed(payload))
    if not replace and _find_sealed(connection, task.key).value is not None:
        return
    sealed = (*row, seal("result", row))
    insert(connection, "INSERT OR REPLACE INTO result", sealed)


def put_task(connection: apsw.Connection, task: TaskRecord) -> None:
    """Keep what became of a task, in place of what was known before.

    A resumed run finds its own finished tasks cached; they stay done, with the time
    they took.
    """
    row = (
        task.run,
        storable(task.stage),
        storable(task.item),
        task.key,
        task.state,
        _json(task.parts),
        task.started,
        task.seconds,
        task.attempts,
        _json(task.labels),
    )
    marks = ", ".join("?" * len(row))
    connection.execute(
        f"INSERT INTO task VALUES({marks}) ON CONFLICT(run, stage, item, key) DO UPDATE"
        " SET state = excluded.state, parts = excluded.parts,"
        " started = excluded.started, seconds = excluded.seconds,"
        " attempts = excluded.attempts, labels = excluded.labels"
        " WHERE task.state != 'done' OR excluded.state != 'cached'",
        row,
    )


def put_attempt(
    connection: apsw.Connection, attempt: Attempt, flight: Flight | None = None
) -> None:
    """Keep a failure, of a call with what its flight told."""
    sent = ("", "", False)
    if flight is not None:
        sent = (storable(flight.model), storable(flight.url), flight.repeated)
    row = (
        None,
        attempt.run,
        storable(attempt.stage),
        storable(attempt.item),
        storable(attempt.key),
        attempt.kind,
        attempt.number,
        attempt.ts,
        attempt.error,
        storable(attempt.message),
        storable(attempt.where),
        storable(attempt.hint),
        attempt.retryable,
        storable(attempt.detail),
        storable(attempt.endpoint),
        attempt.slot,
        attempt.started,
        attempt.seconds,
        *sent,
    )
    insert(connection, "INSERT INTO attempt", row)


def add_tally(
    connection: apsw.Connection, run: str, stage: str, counts: Sequence[int]
) -> None:
    """Add to the run's tally of a stage: done, cached, failed, skipped."""
    connection.execute(
        "INSERT INTO tally(run, stage, done, cached, failed, skipped)"
        " VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(run, stage) DO UPDATE"
        " SET done = done + excluded.done, cached = cached + excluded.cached,"
        " failed = failed + excluded.failed, skipped = skipped + excluded.skipped",
        (run, storable(stage), *counts),
    )


def resume_tally(connection: apsw.Connection, run: str) -> None:
    """Count anew: what was done before will be met again, as cached."""
    connection.execute(
        "UPDATE tally SET before = before + done, done = 0, cached = 0, failed = 0,"
        " skipped = 0 WHERE run = ?",
        (run,),
    )


def put_event(connection: apsw.Connection, event: Event) -> None:
    """Keep an event."""
    owner = (storable(event.stage), storable(event.item))
    row = (None, event.run, event.ts, event.kind, *owner, _json(event.data))
    insert(connection, "INSERT INTO event", row)


def insert(connection: apsw.Connection, into: str, row: tuple[Column, ...]) -> None:
    """Insert a whole row."""
    marks = ", ".join("?" * len(row))
    connection.execute(f"{into} VALUES({marks})", row)


def _find_sealed(connection: apsw.Connection, key: str) -> Found[tuple[Column, ...]]:
    cursor = connection.execute(_RESULT, (key,))
    try:
        row = cursor.fetchone()
    except UnicodeDecodeError:  # a flipped bit in a text column
        return Found(is_damaged=True)
    finally:
        cursor.close()
    if row is None:
        return Found()
    *columns, checksum = row
    if columns[0] != key or checksum != seal("result", columns):
        return Found(is_damaged=True)
    return Found(tuple(columns))


def _json(data: Mapping[str, str | int | float | bool | None]) -> str:
    return json.dumps(dict(data), sort_keys=True)


def _packed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL).compress(data)


def _expanded(data: Column) -> bytes:
    assert isinstance(data, bytes), "a sealed row keeps the types it was written with"
    return zstandard.ZstdDecompressor().decompress(data)
