"""Model calls of a run, put together from what was journaled about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import apsw

from subak.engine.events import Event, Scalar
from subak.views.stored_events import iter_events
from subak.views.wording import number_of, text_of

CallState = Literal["answered", "failed", "open"]
_COMMIT_S = 1.0
_KINDS = ("call.sent", "call.first_token", "call.done", "call.failed")


@dataclass(frozen=True, slots=True)
class Call:
    """One request that was sent to a model.

    Args:
        ended: When it was answered or failed; None while it is open.
        state: "open" too when the process was killed before an answer.
        first_token_s: Seconds from sending to the first token, when it was seen.
        is_retry: The same request had failed before in this run.
        is_repeat: The same request had already been answered and journaled.
        error: Class of the error, "" when it was answered.
    """

    key: str
    stage: str
    item: str
    started: float
    ended: float | None = None
    state: CallState = "open"
    slot: int = 0
    endpoint: str = ""
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    first_token_s: float | None = None
    finish: str = ""
    error: str = ""
    message: str = ""
    is_retry: bool = False
    is_repeat: bool = False

    @property
    def seconds(self) -> float:
        """Return how long it took, 0 while it is open."""
        return 0.0 if self.ended is None else max(self.ended - self.started, 0.0)


def read_calls(db: apsw.Connection, run: str) -> list[Call]:
    """Return every call sent in the run, in the order of sending."""
    ledger = _Ledger(_answered_before(db, run))
    for stored in iter_events(db, run, kinds=_KINDS):
        ledger.add(stored.event)
    return ledger.calls


@dataclass(slots=True)
class _Open:
    """A call that was sent: where it stands in the list, and what is known of it."""

    place: int
    sent: Event
    is_retry: bool
    is_repeat: bool
    first_token_s: float | None = None

    def close(self, event: Event | None) -> Call:
        """Return the call as its last event, if it has one, leaves it."""
        sent, data = self.sent, event.data if event else {}
        is_answered = event is not None and event.kind == "call.done"
        started, ended = sent.ts, event.ts if event else None
        if event is not None and is_answered:
            started, ended = _span(sent.ts, event)
        return Call(
            key=text_of(sent.data.get("key")),
            stage=sent.stage,
            item=sent.item,
            started=started,
            ended=ended,
            state=("answered" if is_answered else "failed") if event else "open",
            slot=_whole(sent.data, "slot"),
            endpoint=text_of(sent.data.get("endpoint") or sent.data.get("url")),
            model=text_of(sent.data.get("model")),
            tokens_in=_whole(data, "tokens_in"),
            tokens_out=_whole(data, "tokens_out"),
            tokens_cached=_whole(data, "tokens_cached"),
            first_token_s=self.first_token_s,
            finish=text_of(data.get("finish")),
            error=text_of(data.get("error")),
            message=text_of(data.get("message")),
            is_retry=self.is_retry,
            is_repeat=self.is_repeat,
        )


class _Ledger:
    """Pairs what was sent with what came back.

    Assumes: two calls with one key are never in flight together (the model joins
    them), so a key names its open call.
    """

    def __init__(self, answered: Mapping[str, float]) -> None:
        self._closed: list[Call | _Open] = []
        self._open: dict[str, _Open] = {}
        self._failed: set[str] = set()
        self._answered = dict(answered)

    @property
    def calls(self) -> list[Call]:
        """Return every call, those without an end as open."""
        return [
            call.close(None) if isinstance(call, _Open) else call
            for call in self._closed
        ]

    def add(self, event: Event) -> None:
        """Take one event in."""
        key = text_of(event.data.get("key"))
        if event.kind == "call.sent":
            self._send(event, key)
            return
        call = self._open.get(key)
        if call is None:
            return
        if event.kind == "call.first_token":
            call.first_token_s = max(event.ts - call.sent.ts, 0.0)
            return
        del self._open[key]
        self._closed[call.place] = call.close(event)
        if event.kind == "call.failed":
            self._failed.add(key)
        else:
            self._answered.setdefault(key, event.ts)

    def _send(self, event: Event, key: str) -> None:
        before = self._answered.get(key)
        is_repeat = before is not None and before <= event.ts
        call = _Open(
            place=len(self._closed),
            sent=event,
            is_retry=key in self._failed,
            is_repeat=is_repeat or bool(event.data.get("repeated")),
        )
        self._open[key] = call
        self._closed.append(call)


def _span(sent: float, done: Event) -> tuple[float, float]:
    """Return when the call itself ran, between its sending and its last event.

    The server's time is known; of the rest a moment is the commit after it, and
    more is a wait before it, such as a model that was being loaded.
    """
    seconds, ended = (number_of(done.data.get(name)) for name in ("seconds", "ended"))
    if ended > sent and seconds > 0:
        return max(sent, ended - seconds), ended
    rest = done.ts - sent - seconds
    if seconds <= 0 or rest <= 0:
        return sent, done.ts
    return (sent, sent + seconds) if rest < _COMMIT_S else (done.ts - seconds, done.ts)


def _whole(data: Mapping[str, Scalar], name: str) -> int:
    return int(number_of(data.get(name)))


def _answered_before(db: apsw.Connection, run: str) -> dict[str, float]:
    """Return when earlier runs journaled the answer of each key they still hold.

    An answer that this run replaced is not among them; there the event that told of
    the sending says that it was a repetition.
    """
    rows = db.execute("SELECT key, started + seconds FROM call WHERE run != ?", (run,))
    return {str(key): float(ended) for key, ended in rows}
