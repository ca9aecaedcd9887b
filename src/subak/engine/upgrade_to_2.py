"""From schema 1 to 2: calls without their events, keyed by bytes, owned by number.

A released upgrade never changes, so it shares no code with today's rows but the
checksums, whose forms never change either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import apsw

from subak.engine.seal import CallRow, Column, seal, seal_call

_TABLES = """
CREATE TABLE owner(
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, stage TEXT NOT NULL,
    model TEXT NOT NULL, endpoint TEXT NOT NULL, url TEXT NOT NULL,
    checksum BLOB NOT NULL) STRICT;
CREATE TABLE dictionary(
    id INTEGER NOT NULL, copy INTEGER NOT NULL, stage TEXT NOT NULL,
    model TEXT NOT NULL, data BLOB NOT NULL, checksum BLOB NOT NULL,
    PRIMARY KEY(id, copy)) STRICT;
CREATE TABLE flight(
    key ANY NOT NULL, number INTEGER NOT NULL, owner INTEGER NOT NULL,
    item TEXT NOT NULL, slot INTEGER NOT NULL, started REAL NOT NULL,
    repeated INTEGER NOT NULL, PRIMARY KEY(key, number)) STRICT, WITHOUT ROWID;
CREATE TABLE tally(
    run TEXT NOT NULL, stage TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0,
    cached INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0, before INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(run, stage)) STRICT, WITHOUT ROWID;
ALTER TABLE attempt ADD COLUMN endpoint TEXT NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN slot INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN started REAL NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN seconds REAL NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN url TEXT NOT NULL DEFAULT '';
ALTER TABLE attempt ADD COLUMN repeated INTEGER NOT NULL DEFAULT 0;
DROP INDEX call_run;
ALTER TABLE call RENAME TO call_1;
CREATE TABLE call(
    id INTEGER PRIMARY KEY, owner INTEGER NOT NULL, key ANY NOT NULL,
    item TEXT NOT NULL, started REAL NOT NULL, seconds REAL NOT NULL,
    first_token_s REAL, tokens_in INTEGER NOT NULL, tokens_out INTEGER NOT NULL,
    tokens_cached INTEGER NOT NULL, finish TEXT NOT NULL, slot INTEGER NOT NULL,
    again INTEGER NOT NULL, dictionary INTEGER NOT NULL, request BLOB NOT NULL,
    response BLOB NOT NULL, checksum BLOB NOT NULL) STRICT;
CREATE INDEX call_key ON call(substr(key, 1, 8));
CREATE INDEX call_owner ON call(owner);
"""
_OLD_EVENTS = """
DELETE FROM event WHERE kind IN ('call.sent', 'call.first_token', 'call.done',
    'call.failed', 'call.cached', 'limiter.level')
"""
_CALL_1 = (
    "SELECT key, run, stage, item, model, endpoint, started, seconds, first_token_s,"
    " tokens_in, tokens_out, tokens_cached, finish, slot, request, response, checksum"
    " FROM call_1 WHERE rowid = ?"
)
_EVENTS = (
    "SELECT run, ts, kind, stage, item, data FROM event WHERE kind IN"
    " ('call.sent', 'call.done', 'call.failed') ORDER BY id"
)
_LOST = ("Lost", "the process ended before the answer came")


@dataclass(slots=True)
class _Sent:
    """What the event of a sending told."""

    run: str
    ts: float
    stage: str
    item: str
    endpoint: str
    model: str
    url: str
    slot: int
    repeated: bool


def upgrade_to_2(connection: apsw.Connection) -> None:
    """Move calls into their new rows, and what only events told into attempts."""
    connection.execute(_TABLES)
    repeated = _tell_attempts(connection)
    _move_calls(connection, repeated)
    connection.execute("DROP TABLE call_1")
    connection.execute(_OLD_EVENTS)


def _move_calls(connection: apsw.Connection, repeated: set[tuple[str, str]]) -> None:
    """Move the sound rows; a damaged one was missing before and stays so."""
    owners: dict[tuple[Column, ...], int] = {}
    rowids = [row[0] for row in connection.execute("SELECT rowid FROM call_1")]
    for rowid in rowids:
        try:
            row: tuple[Column, ...] = connection.execute(_CALL_1, (rowid,)).get
        except UnicodeDecodeError:
            continue
        *columns, checksum = row
        if checksum != seal("call", columns):
            continue
        key, run, stage, item, model, endpoint, *measures, request, response = columns
        owner = (run, stage, model, endpoint, "")
        if owner not in owners:
            owners[owner] = _add_owner(connection, owner)
        again = int((str(run), str(key)) in repeated)
        place = (owners[owner], _stored_key(str(key)), item)
        row = (*place, *measures, again, 0, request, response)
        new = (None, *row, seal_call(cast("CallRow", row)))
        marks = ", ".join("?" * len(new))
        connection.execute(f"INSERT INTO call VALUES({marks})", new)


def _add_owner(connection: apsw.Connection, owner: tuple[Column, ...]) -> int:
    number = int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM owner").get)
    row = (number, *owner)
    connection.execute(
        "INSERT INTO owner VALUES(?, ?, ?, ?, ?, ?, ?)", (*row, seal("owner", row))
    )
    return number


def _stored_key(key: str) -> str | bytes:
    try:
        data = bytes.fromhex(key)
    except ValueError:
        return key
    return data if data.hex() == key else key


def _tell_attempts(connection: apsw.Connection) -> set[tuple[str, str]]:
    """Complete the attempts of calls; return run and key of repeated ones."""
    under_way: dict[tuple[str, str], _Sent] = {}
    repeated: set[tuple[str, str]] = set()
    for kind, key, event in _call_events(connection):
        place = (event.run, key)
        if kind == "call.sent":
            if place in under_way:
                _add_lost(connection, key, under_way[place])
            under_way[place] = event
            if event.repeated:
                repeated.add(place)
            continue
        sent = under_way.pop(place, None)
        if sent is not None and kind == "call.failed":
            _complete(connection, key, sent, event.ts)
    for (_, key), sent in under_way.items():
        _add_lost(connection, key, sent)
    return repeated


def _call_events(connection: apsw.Connection) -> Iterator[tuple[str, str, _Sent]]:
    rows: list[tuple[Any, ...]] = connection.execute(_EVENTS).fetchall()
    for run, ts, kind, stage, item, text in rows:
        data = json.loads(text)
        sent = _Sent(
            run=run,
            ts=ts,
            stage=stage,
            item=item,
            endpoint=str(data.get("endpoint") or ""),
            model=str(data.get("model") or ""),
            url=str(data.get("url") or ""),
            slot=int(data.get("slot") or 0),
            repeated=bool(data.get("repeated")),
        )
        yield kind, str(data.get("key") or ""), sent


def _complete(
    connection: apsw.Connection, key: str, sent: _Sent, failed: float
) -> None:
    """Tell the attempt of this failure, if it has one, when and where it was sent."""
    connection.execute(
        "UPDATE attempt SET endpoint = ?, slot = ?, started = ?, seconds = ?,"
        " model = ?, url = ?, repeated = ? WHERE id = (SELECT id FROM attempt"
        " WHERE run = ? AND stage = ? AND item = ? AND key = ? AND kind = 'call'"
        " AND started = 0 ORDER BY id LIMIT 1)",
        (
            *(sent.endpoint, sent.slot, sent.ts, max(failed - sent.ts, 0.0)),
            *(sent.model, sent.url, sent.repeated),
            *(sent.run, sent.stage, sent.item, key),
        ),
    )


def _add_lost(connection: apsw.Connection, key: str, sent: _Sent) -> None:
    row = (
        *(None, sent.run, sent.stage, sent.item, key, "call", 1, sent.ts),
        *(*_LOST, "", "", True, "", sent.endpoint, sent.slot, sent.ts, 0.0),
        *(sent.model, sent.url, sent.repeated),
    )
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO attempt VALUES({marks})", row)
