"""CallStory: one model call with its prompt and answer, and what went on around it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import apsw

from subak.engine.call_key import stored_key, told_key
from subak.engine.records import CallRecord
from subak.errors import UserError
from subak.views.exchange import Exchange, find_call_key, get_exchange
from subak.views.limits import LimitChange, read_limit_changes

_FAILED = """
SELECT run, stage, item, ts, error, message, place, hint, retryable, detail, endpoint,
    model, slot, iif(started > 0, started, ts), seconds, key
FROM attempt WHERE kind = 'call' AND substr(key, 1, length(?1)) = ?1 ORDER BY id
"""
_OPEN = """
SELECT flight.key, owner.run, owner.stage, flight.item, flight.started, owner.model,
    owner.endpoint
FROM flight JOIN owner ON owner.id = flight.owner
"""
_ROWS_OF = """
SELECT owner.run, call.started, call.seconds FROM call JOIN owner
    ON owner.id = call.owner
WHERE substr(call.key, 1, 8) = substr(?1, 1, 8) AND call.key = ?1 ORDER BY call.id
"""
_BESIDE = """
SELECT count(*) FROM owner JOIN call ON call.owner = owner.id
WHERE owner.run = ?1 AND call.started <= ?2 AND call.started + call.seconds > ?2
"""


@dataclass(frozen=True, slots=True)
class CallFailure:
    """One time the call failed.

    Args:
        detail: More to read: a traceback, or a part of the answer.
    """

    run: str
    stage: str
    item: str
    ts: float
    error: str
    message: str
    where: str
    hint: str
    is_retryable: bool
    detail: str
    endpoint: str
    model: str
    slot: int
    started: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Answered:
    """One time the call was answered: run, when, how long."""

    run: str
    started: float
    seconds: float


@dataclass(frozen=True, slots=True)
class CallStory:
    """A call.

    Args:
        key: Content hash of the request and the model.
        run: Of the answer that counts, else of the last failure.
        exchange: Prompt and answer; None when it was never answered.
        failures: Oldest first; of all runs.
        answers: Each time a server answered it, oldest first; the answer of the first
            one served every later need of it, unless a run asked anew.
        limit: What its endpoint was allowed at once when it was sent, and why.
        beside: Answered calls that were under way when it was sent, itself counted.
        is_open: It is under way, or was when its process was killed.
    """

    key: str
    run: str
    stage: str
    item: str
    started: float
    exchange: Exchange | None
    failures: tuple[CallFailure, ...]
    answers: tuple[Answered, ...]
    limit: LimitChange | None
    beside: int
    is_open: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        return {
            "version": 1,
            "key": self.key,
            "run": self.run,
            "stage": self.stage,
            "item": self.item,
            "started": self.started,
            "exchange": self.exchange.to_json() if self.exchange else None,
            "failures": [asdict(one) for one in self.failures],
            "answers": [asdict(one) for one in self.answers],
            "limit": asdict(self.limit) if self.limit else None,
            "beside": self.beside,
            "open": self.is_open,
        }


def read_call_story(db: apsw.Connection, beginning: str) -> CallStory:
    """Return the call whose key begins so, answered or not.

    Raises:
        UserError: There is none, or more than one.
        StorageError: Its record is damaged.
    """
    asked = beginning.lower()
    answered = find_call_key(db, asked)
    exchange = get_exchange(db, answered) if answered else None
    rows: list[tuple[Any, ...]] = db.execute(_FAILED, (asked,)).fetchall()
    failures = {told_key(row[-1]): _failure(row) for row in rows}
    sent = _under_way(db, asked)
    keys = {*failures, *sent, *([answered] if answered else ())}
    if len(keys) != 1:
        raise _unknown(beginning, len(keys))
    (key,) = keys
    if exchange is not None:
        place = _place_of(exchange.call)
    else:
        place = sent.get(key) or _place_of(failures[key])
    return CallStory(
        key=key,
        run=place.run,
        stage=place.stage,
        item=place.item,
        started=place.started,
        exchange=exchange,
        failures=tuple(_failure(row) for row in rows),
        answers=_answers(db, key),
        limit=_limit(db, place),
        beside=int(db.execute(_BESIDE, (place.run, place.started)).get),
        is_open=key in sent,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Whose call, when it was sent, and to whom."""

    run: str
    stage: str
    item: str
    started: float
    model: str
    endpoint: str


def _place_of(call: CallRecord | CallFailure) -> _Place:
    return _Place(
        call.run, call.stage, call.item, call.started, call.model, call.endpoint
    )


def _under_way(db: apsw.Connection, beginning: str) -> dict[str, _Place]:
    """Return the calls that have no end yet and whose key begins so."""
    rows: list[tuple[Any, ...]] = db.execute(_OPEN).fetchall()
    return {
        told_key(stored): _Place(*place)
        for stored, *place in rows
        if told_key(stored).startswith(beginning)
    }


def _failure(row: tuple[Any, ...]) -> CallFailure:
    failure = CallFailure(*row[:-1])
    return replace(failure, is_retryable=bool(failure.is_retryable))


def _answers(db: apsw.Connection, key: str) -> tuple[Answered, ...]:
    return tuple(Answered(*row) for row in db.execute(_ROWS_OF, (stored_key(key),)))


def _limit(db: apsw.Connection, place: _Place) -> LimitChange | None:
    """Return the last change of the endpoint's limit before the call was sent."""
    names = (place.endpoint, place.model)
    earlier = [
        change
        for change in read_limit_changes(db, place.run)
        if change.name in names and change.ts <= place.started
    ]
    return earlier[-1] if earlier else None


def _unknown(beginning: str, found: int) -> UserError:
    if found:
        return UserError(
            f"more than one call begins with '{beginning}'",
            hint="give more of its trace id",
        )
    return UserError(
        f"no call '{beginning}'",
        hint="`subak trace RUN` lists calls with their trace ids",
    )
