"""Model calls of a run, put together from what was journaled about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import apsw

from subak.engine.call_key import stored_key
from subak.views.call_rows import (
    AnsweredRow,
    FailedRow,
    SentRow,
    iter_answered,
    iter_failed,
    list_under_way,
)

CallState = Literal["answered", "failed", "open"]
_ANSWERED_BEFORE = (
    "SELECT exists(SELECT 1 FROM call WHERE substr(key, 1, 8) = substr(?1, 1, 8)"
    " AND key = ?1 AND started + seconds <= ?2)"
)


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
    calls: list[Call] = []
    failed: set[str] = set()
    for row in sorted(_iter_rows(db, run), key=_sending):
        sent = row if isinstance(row, SentRow) else row.sent
        call = _sent(sent, is_retry=sent.key in failed)
        if isinstance(row, AnsweredRow):
            calls.append(_answered(call, row))
            continue
        call = replace(call, is_repeat=is_repeat(db, sent))
        if isinstance(row, FailedRow):
            failed.add(sent.key)
            call = _failed(call, row)
        calls.append(call)
    return calls


_Row = AnsweredRow | FailedRow | SentRow


def _iter_rows(db: apsw.Connection, run: str) -> Iterator[_Row]:
    yield from list_under_way(db, run)
    yield from iter_failed(db, run)
    yield from iter_answered(db, run)


def _sending(row: _Row) -> float:
    return row.started if isinstance(row, SentRow) else row.sent.started


def is_repeat(db: apsw.Connection, sent: SentRow) -> bool:
    """Tell whether the answer was there before the call was sent.

    Whoever sent it says so, or an answer in the journal that was whole by then.
    """
    values = (stored_key(sent.key), sent.started)
    return sent.repeated or bool(db.execute(_ANSWERED_BEFORE, values).get)


def _sent(sent: SentRow, *, is_retry: bool) -> Call:
    return Call(
        key=sent.key,
        stage=sent.stage,
        item=sent.item,
        started=sent.started,
        slot=sent.slot,
        endpoint=sent.endpoint,
        model=sent.model,
        is_retry=is_retry,
        is_repeat=sent.repeated,
    )


def _answered(call: Call, row: AnsweredRow) -> Call:
    return replace(
        call,
        ended=row.ended,
        state="answered",
        tokens_in=row.tokens_in,
        tokens_out=row.tokens_out,
        tokens_cached=row.tokens_cached,
        first_token_s=row.first_token_s,
        finish=row.finish,
    )


def _failed(call: Call, row: FailedRow) -> Call:
    return replace(
        call, ended=row.ended, state="failed", error=row.error, message=row.message
    )
