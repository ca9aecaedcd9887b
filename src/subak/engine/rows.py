"""Records to rows of the journal's tables; calls and tasks have files of their own.

Functions that write run in the store's writer thread and may be called again.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import apsw

from subak.engine.events import Event
from subak.engine.records import Attempt, Flight
from subak.engine.seal import Column

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a look-up by key came to: a sound row, a damaged one, or none."""

    value: T | None = None
    is_damaged: bool = False


def storable(text: str) -> str:
    """Return the text with what UTF-8 cannot hold replaced by "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")


def find_last_parts(
    connection: apsw.Connection, stage: str, item: str
) -> dict[str, str] | None:
    """Return the key parts of the item's newest task, None if there was none."""
    row = connection.execute(
        "SELECT parts FROM task WHERE stage = ? AND item = ? ORDER BY rowid DESC",
        (stage, item),
    ).fetchone()
    return None if row is None else dict(json.loads(row[0]))


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


def _json(data: Mapping[str, str | int | float | bool | None]) -> str:
    return json.dumps(dict(data), sort_keys=True)


def find_unfinished(connection: apsw.Connection, recipe: str) -> str | None:
    """Return the recipe's newest run (by row, for clocks jump) unless it has ended."""
    newest: tuple[str, float | None, str] | None = connection.execute(
        "SELECT id, ended, status FROM run WHERE recipe = ? ORDER BY rowid DESC",
        (recipe,),
    ).fetchone()
    if newest is None:
        return None
    run, ended, status = newest
    return run if ended is None or status == "interrupted" else None


def free_run_id(connection: apsw.Connection, now: float) -> str:
    """Return an id that tells when the run began and that no run has."""
    moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
    is_taken = True
    while is_taken:
        run = f"{moment}-{secrets.token_hex(2)}"
        is_taken = connection.execute(
            "SELECT exists(SELECT 1 FROM run WHERE id = ?)", (run,)
        ).get
    return run
