"""Events of a run in the order of time: those kept, and those other rows tell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge

import apsw

from subak.engine.events import Event, Scalar
from subak.views.call_rows import (
    AnsweredRow,
    FailedRow,
    SentRow,
    iter_answered,
    iter_failed,
    list_under_way,
)
from subak.views.task_tail import TOLD_OF_TASKS, TaskTail

_OF_CALLS = frozenset({"call.sent", "call.first_token", "call.done", "call.failed"})
_SAME_S = 0.001
_EARLY, _AMID, _LATE = range(3)  # what comes first of what has the same time


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event and its place in the journal; 0 where other rows tell it."""

    id: int
    event: Event


def iter_events(
    db: apsw.Connection, run: str, *, kinds: Sequence[str] = ()
) -> Iterator[StoredEvent]:
    """Yield a run's events in order.

    Args:
        kinds: Only these; none means all.
    """
    return EventTail(db, run).new(kinds)


class EventTail:
    """The end of a run's events: each look returns what was not seen before.

    A call under way shows as sent, a task as started; what comes later leaves that
    out.
    """

    def __init__(self, db: apsw.Connection, run: str) -> None:
        self._db = db
        self._run = run
        self._event = 0
        self._call = 0
        self._attempt = 0
        self._shown: dict[str, list[float]] = {}
        self._tasks = TaskTail(db, run)

    def new(self, kinds: Sequence[str] = ()) -> Iterator[StoredEvent]:
        """Yield what is new, in order.

        Args:
            kinds: Only these; none means all.
        """
        streams = [_ranked(self._kept(kinds), _AMID)]
        if not kinds or _OF_CALLS.intersection(kinds):
            told = sorted(self._told(), key=lambda event: event.ts)
            streams.append(_ranked(_of_kinds(told, kinds), _AMID))
        if not kinds or TOLD_OF_TASKS.intersection(kinds):
            started, ended = self._tasks.new()
            streams.append(_ranked(_of_kinds(started, kinds), _EARLY))
            streams.append(_ranked(_of_kinds(ended, kinds), _LATE))
        for _, _, stored in merge(*streams, key=lambda ranked: ranked[:2]):
            yield stored

    def _kept(self, kinds: Sequence[str]) -> Iterator[StoredEvent]:
        marks = ", ".join("?" * len(kinds))
        wanted = f" AND kind IN ({marks})" if kinds else ""
        rows = self._db.execute(
            "SELECT id, ts, kind, run, stage, item, data FROM event"
            f" WHERE run = ? AND id > ?{wanted} ORDER BY id",
            (self._run, self._event, *kinds),
        )
        for number, ts, kind, run, stage, item, data in rows:
            self._event = number
            event = Event(ts, kind, run, stage, item, json.loads(data))
            yield StoredEvent(number, event)

    def _told(self) -> Iterator[Event]:
        """Yield the events of calls; flights first, for they may land meanwhile."""
        for sent in list_under_way(self._db, self._run):
            shown = self._shown.setdefault(sent.key, [])
            if sent.started not in shown:
                shown.append(sent.started)
                yield _sent_event(self._run, sent)
        for row in sorted(self._landed(), key=lambda row: row.sent.started):
            if not self._was_shown(row.sent):
                yield _sent_event(self._run, row.sent)
            if isinstance(row, AnsweredRow):
                yield from _answer_events(self._run, row)
            else:
                yield _failure_event(self._run, row)

    def _landed(self) -> Iterator[AnsweredRow | FailedRow]:
        for answered in iter_answered(self._db, self._run, after=self._call):
            self._call = answered.sent.id
            yield answered
        for failed in iter_failed(self._db, self._run, after=self._attempt):
            self._attempt = failed.sent.id
            yield failed

    def _was_shown(self, sent: SentRow) -> bool:
        """Tell whether its sending was yielded before it landed; ask once."""
        shown = self._shown.get(sent.key, ())
        fitting = [started for started in shown if started <= sent.started + _SAME_S]
        if not fitting:
            return False
        self._shown[sent.key].remove(max(fitting))
        return True


def _of_kinds(events: Iterable[Event], kinds: Sequence[str]) -> Iterator[StoredEvent]:
    for event in events:
        if not kinds or event.kind in kinds:
            yield StoredEvent(0, event)


def _ranked(
    events: Iterable[StoredEvent], rank: int
) -> Iterator[tuple[float, int, StoredEvent]]:
    for stored in events:
        yield stored.event.ts, rank, stored


def _sent_event(run: str, sent: SentRow) -> Event:
    data: dict[str, Scalar] = {
        "key": sent.key,
        "model": sent.model,
        "endpoint": sent.endpoint,
        "url": sent.url,
        "slot": sent.slot,
        "repeated": sent.repeated,
    }
    return Event(sent.started, "call.sent", run, sent.stage, sent.item, data)


def _answer_events(run: str, answered: AnsweredRow) -> Iterator[Event]:
    sent = answered.sent
    place = (run, sent.stage, sent.item)
    if answered.first_token_s is not None:
        begun = sent.started + answered.first_token_s
        data: dict[str, Scalar] = {"key": sent.key, "slot": sent.slot}
        yield Event(begun, "call.first_token", *place, data)
    yield Event(
        answered.ended,
        "call.done",
        *place,
        {
            "key": sent.key,
            "seconds": answered.seconds,
            "ended": answered.ended,
            "tokens_in": answered.tokens_in,
            "tokens_out": answered.tokens_out,
            "tokens_cached": answered.tokens_cached,
            "slot": sent.slot,
            "finish": answered.finish,
        },
    )


def _failure_event(run: str, failed: FailedRow) -> Event:
    sent = failed.sent
    data: dict[str, Scalar] = {
        "key": sent.key,
        "error": failed.error,
        "message": failed.message,
        "slot": sent.slot,
    }
    return Event(failed.ended, "call.failed", run, sent.stage, sent.item, data)
