"""What the rows of calls, failures and flights say about the calls of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apsw

from subak.engine.call_key import told_key

_MINE = "owner IN (SELECT id FROM owner WHERE run = ?1)"
# Whoever sent it tells, and whether an older row has the key: that needs no trust.
IS_REPEAT = (
    "(call.again != 0 OR exists(SELECT 1 FROM call AS older"
    " WHERE substr(older.key, 1, 8) = substr(call.key, 1, 8)"
    " AND older.key = call.key AND older.id < call.id))"
)
_ANSWERED = (
    "SELECT call.id, call.key, owner.stage, call.item, owner.model, owner.endpoint,"
    f" owner.url, call.slot, call.started, {IS_REPEAT}, call.seconds,"
    " call.first_token_s, call.tokens_in, call.tokens_out, call.tokens_cached,"
    " call.finish FROM call JOIN owner ON owner.id = call.owner"
    f" WHERE call.{_MINE} AND call.id > ?2 ORDER BY call.id"
)
_FAILED = (
    "SELECT id, key, stage, item, model, endpoint, url, slot,"
    " CASE WHEN started > 0 THEN started ELSE ts END, repeated, seconds, ts, error,"
    " message FROM attempt WHERE run = ?1 AND kind = 'call' AND id > ?2 ORDER BY id"
)
_UNDER_WAY = (
    "SELECT flight.number, flight.key, owner.stage, flight.item, owner.model,"
    " owner.endpoint, owner.url, flight.slot, flight.started, flight.repeated"
    " FROM flight JOIN owner ON owner.id = flight.owner"
    f" WHERE flight.{_MINE} ORDER BY flight.started"
)


@dataclass(frozen=True, slots=True)
class SentRow:
    """A call that was sent: what is known of it from that moment on.

    Args:
        id: Place in its table.
        repeated: The same request had already been answered and journaled.
    """

    id: int
    key: str
    stage: str
    item: str
    model: str
    endpoint: str
    url: str
    slot: int
    started: float
    repeated: bool


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """A call that was answered."""

    sent: SentRow
    seconds: float
    first_token_s: float | None
    tokens_in: int
    tokens_out: int
    tokens_cached: int
    finish: str

    @property
    def ended(self) -> float:
        """Return when the answer was whole."""
        return self.sent.started + self.seconds


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A call that failed.

    Args:
        ts: When that was noted; of one lost with its process, when it was missed.
    """

    sent: SentRow
    seconds: float
    ts: float
    error: str
    message: str

    @property
    def ended(self) -> float:
        """Return when it failed."""
        return self.sent.started + self.seconds


def iter_answered(
    db: apsw.Connection, run: str, *, after: int = 0
) -> Iterator[AnsweredRow]:
    """Yield the answered calls of a run in the order of their answers."""
    for row in db.execute(_ANSWERED, (run, after)):
        yield AnsweredRow(_sent(row[:10]), *row[10:])


def iter_failed(
    db: apsw.Connection, run: str, *, after: int = 0
) -> Iterator[FailedRow]:
    """Yield the failed calls of a run in the order of their failures."""
    for row in db.execute(_FAILED, (run, after)):
        yield FailedRow(_sent(row[:10]), *row[10:])


def list_under_way(db: apsw.Connection, run: str) -> list[SentRow]:
    """Return the calls of a run that have no end yet."""
    return [_sent(row) for row in db.execute(_UNDER_WAY, (run,))]


def _sent(row: tuple[Any, ...]) -> SentRow:
    number, key, stage, item, model, endpoint, url, slot, started, repeated = row
    place = (number, told_key(key), stage, item)
    server = (model, endpoint or model, url)
    return SentRow(*place, *server, slot, started, bool(repeated))
