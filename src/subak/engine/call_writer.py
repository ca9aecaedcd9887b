"""CallWriter: answered calls and calls under way, to rows of the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import apsw

from subak.engine.call_key import stored_key, told_key
from subak.engine.call_reader import (
    FIRST_ANSWER,
    HISTORY_ONLY,
    NEW_ANSWER,
    CallReader,
)
from subak.engine.packing import WORTH_FROM, Packing
from subak.engine.records import Attempt, CallRecord, Flight
from subak.engine.rows import insert, put_attempt, storable
from subak.engine.seal import Column, seal, seal_call

_OWNER = (
    "SELECT id, run, stage, model, endpoint, url, checksum FROM owner"
    " WHERE run = ? AND stage = ? AND model = ? AND endpoint = ? AND url = ?"
)
_LEFT = (
    "SELECT flight.key, owner.run, owner.stage, flight.item, owner.model,"
    " owner.endpoint, owner.url, flight.slot, flight.started, flight.repeated"
    " FROM flight JOIN owner ON owner.id = flight.owner ORDER BY flight.started"
)
_FAILED_BEFORE = "SELECT count(*) FROM attempt WHERE run = ? AND key = ?"
_CALL = "INSERT INTO call VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_LOST = ("Lost", "the process ended before the answer came")
_CANCELLED = ("Cancelled", "given up before the answer was whole")

Owner = tuple[str, str, str, str, str]


@dataclass(slots=True)
class Landing:
    """The flight that a call or a failure ends.

    Args:
        number: Which of the flights of that key.
        is_over: It has ended; if that is before its row was written, none is needed.
        is_kept: There is a row of it.
    """

    flight: Flight
    number: int
    is_over: bool = False
    is_kept: bool = False


class CallWriter:
    """Writes rows of calls.

    Guarantees: a call and the end of its flight are one change; rows of calls are
    only ever added.
    Assumes: used in the writer thread, inside its transaction. What it remembers of
    the file is forgotten whenever a transaction is rolled back.
    """

    def __init__(self, learn_from: int = WORTH_FROM) -> None:
        self._found: CallReader | None = None
        self._owners: dict[Owner, int] = {}
        self._packing = Packing(learn_from)

    def put(
        self,
        connection: apsw.Connection,
        call: CallRecord,
        landing: Landing | None,
        *,
        replace: bool,
    ) -> None:
        """Keep an answered call and end its flight.

        A sound answer that is there stays the answer of the key unless ``replace``.
        """
        found = self._attach(connection)
        url = landing.flight.url if landing else call.endpoint
        owner = (call.run, call.stage, call.model, call.endpoint, url)
        stage, model = storable(call.stage), storable(call.model)
        number, request, response = self._packing.pack(
            connection, (stage, model), call.request, call.response
        )
        again = FIRST_ANSWER
        # Whoever sent it had looked; only an answer without a flight may be a second.
        if landing is None:
            is_repeat = found.has_row(call.key) and bool(found.find(call.key).value)
        else:
            is_repeat = landing.flight.repeated
        if is_repeat:
            again = NEW_ANSWER if replace else HISTORY_ONLY
        # Zero is added because SQLite keeps no -0.0, and to make whole numbers floats.
        first = call.first_token_s
        row = (
            self._owner(connection, owner),
            stored_key(call.key),
            storable(call.item),
            call.started + 0.0,
            call.seconds + 0.0,
            None if first is None else first + 0.0,
            call.tokens_in,
            call.tokens_out,
            call.tokens_cached,
            storable(call.finish),
            call.slot,
            again,
            number,
            request,
            response,
        )
        connection.execute(_CALL, (*row, seal_call(row)))
        self.land(connection, landing)

    def send(self, connection: apsw.Connection, landing: Landing) -> None:
        """Keep that a call is under way, if it still is."""
        self._attach(connection)
        landing.is_kept = not landing.is_over
        if landing.is_over:
            return
        flight = landing.flight
        owner = (flight.run, flight.stage, flight.model, flight.endpoint, flight.url)
        connection.execute(
            "INSERT OR REPLACE INTO flight VALUES(?, ?, ?, ?, ?, ?, ?)",
            (
                stored_key(flight.key),
                landing.number,
                self._owner(connection, owner),
                storable(flight.item),
                flight.slot,
                flight.started,
                flight.repeated,
            ),
        )

    def land(self, connection: apsw.Connection, landing: Landing | None) -> None:
        """Forget that the call is under way."""
        if landing is not None and landing.is_kept:
            connection.execute(
                "DELETE FROM flight WHERE key = ? AND number = ?",
                (stored_key(landing.flight.key), landing.number),
            )

    def fail(
        self, connection: apsw.Connection, attempt: Attempt, landing: Landing | None
    ) -> None:
        """Keep a failed call and end its flight."""
        put_attempt(connection, attempt, landing.flight if landing else None)
        self.land(connection, landing)

    def drop(self, connection: apsw.Connection, landing: Landing, now: float) -> None:
        """Keep that a call was given up, and end its flight."""
        _give_up(connection, landing.flight, _CANCELLED, now)
        self.land(connection, landing)

    def lose(self, connection: apsw.Connection, now: float) -> None:
        """Turn what a killed process left under way into failures."""
        left: list[tuple[Any, ...]] = connection.execute(_LEFT).fetchall()
        for key, *told in left:
            _give_up(connection, Flight(told_key(key), *told), _LOST, now)
        connection.execute("DELETE FROM flight")

    def _attach(self, connection: apsw.Connection) -> CallReader:
        if self._found is None:
            self._found = CallReader(connection)
            connection.set_rollback_hook(self._forget)
        return self._found

    def _forget(self) -> None:
        self._found = None
        self._owners.clear()
        self._packing.forget()

    def _owner(self, connection: apsw.Connection, owner: Owner) -> int:
        number = self._owners.get(owner)
        if number is None:
            texts = [storable(text) for text in owner]
            number = _find_owner(connection, texts) or _add_owner(connection, texts)
            self._owners[owner] = number
        return number


def _find_owner(connection: apsw.Connection, texts: list[str]) -> int | None:
    found: list[tuple[Any, ...]] = connection.execute(_OWNER, texts).fetchall()
    for *row, checksum in found:
        if checksum == seal("owner", row):
            return int(row[0])
    return None


def _add_owner(connection: apsw.Connection, texts: list[str]) -> int:
    newest = "SELECT coalesce(max(id), 0) + 1 FROM owner"
    number = int(connection.execute(newest).get)
    row: tuple[Column, ...] = (number, *texts)
    insert(connection, "INSERT INTO owner", (*row, seal("owner", row)))
    return number


def _give_up(
    connection: apsw.Connection, flight: Flight, why: tuple[str, str], now: float
) -> None:
    """Keep a flight without an end of its own as a failure."""
    failed = connection.execute(_FAILED_BEFORE, (flight.run, flight.key)).get
    error, message = why
    attempt = Attempt(
        run=flight.run,
        stage=flight.stage,
        item=flight.item,
        key=flight.key,
        kind="call",
        number=failed + 1,
        ts=now,
        error=error,
        message=message,
        hint="nothing to do: it is sent again when it is needed",
        retryable=True,
        endpoint=flight.endpoint,
        slot=flight.slot,
        started=flight.started,
        seconds=max(now - flight.started, 0.0) if why is _CANCELLED else 0.0,
    )
    put_attempt(connection, attempt, flight)
