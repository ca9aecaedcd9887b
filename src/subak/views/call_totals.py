"""CallTotals: what the calls of a run come to, read as a stream of rows.

For runs of any number of calls: what is held at once are the calls in flight and the
keys of those that failed. The list of all calls is the business of calls.py.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import apsw

from subak.engine.call_key import StoredKey, stored_key
from subak.views.call_rows import IS_REPEAT, iter_failed, list_under_way
from subak.views.calls import is_repeat
from subak.views.parallel import Parallel
from subak.views.runs import Session

_ANSWERED = (
    f"SELECT started, seconds, key, {IS_REPEAT}, tokens_in, tokens_out, tokens_cached"
    " FROM call WHERE owner IN (SELECT id FROM owner WHERE run = ?) ORDER BY started"
)


@dataclass(frozen=True, slots=True)
class CallTotals:
    """The sums over all calls; see CallCounts, TokenCounts and Parallel."""

    sent: int
    succeeded: int
    retried: int
    repeated: int
    rejected: int
    tokens_in: int
    tokens_out: int
    tokens_cached: int
    parallel: Parallel


@dataclass(frozen=True, slots=True)
class _Row:
    started: float
    seconds: float
    key: StoredKey
    is_repeat: bool
    error: str | None = None
    tokens: tuple[int, int, int] = (0, 0, 0)


def read_call_totals(
    db: apsw.Connection, run: str, sessions: Sequence[Session]
) -> CallTotals:
    """Return the totals of a run's calls."""
    waiting = list_under_way(db, run)
    totals = _Sums(sessions)
    for row in heapq.merge(_failed(db, run), _answered(db, run), key=_sending):
        totals.add(row)
    return CallTotals(
        sent=totals.sent + len(waiting),
        succeeded=totals.succeeded,
        retried=totals.retried + sum(totals.is_retry(one.key) for one in waiting),
        repeated=totals.repeated + sum(is_repeat(db, one) for one in waiting),
        rejected=totals.rejected,
        tokens_in=totals.tokens[0],
        tokens_out=totals.tokens[1],
        tokens_cached=totals.tokens[2],
        parallel=totals.parallel(),
    )


class _Sums:
    """Adds calls up in the order of sending."""

    def __init__(self, sessions: Sequence[Session]) -> None:
        self.sent = self.succeeded = self.retried = self.repeated = self.rejected = 0
        self.tokens = (0, 0, 0)
        self._failed: set[StoredKey] = set()
        self._sessions = [(one.started, one.ended) for one in sessions]
        self._outer: dict[int, tuple[float, float]] = {}
        self._serial = self._busy = self._busy_until = 0.0
        self._ends: list[float] = []
        self._peak = 0

    def add(self, row: _Row) -> None:
        """Take the next call in."""
        self.sent += 1
        self.retried += row.key in self._failed
        self.repeated += row.is_repeat
        if row.error is None:
            self.succeeded += 1
            self.tokens = (
                self.tokens[0] + row.tokens[0],
                self.tokens[1] + row.tokens[1],
                self.tokens[2] + row.tokens[2],
            )
        else:
            self._failed.add(row.key)
            self.rejected += row.error == "Overloaded"
        self._span(row.started, row.started + row.seconds)

    def is_retry(self, key: str) -> bool:
        """Tell whether a request has failed before."""
        return stored_key(key) in self._failed

    def parallel(self) -> Parallel:
        """Return how many ran at once."""
        if not self.sent:
            return Parallel()
        serial = self._serial
        whole = sum(end - start for start, end in self._outer.values())
        return Parallel(
            peak=self._peak,
            mean=round(serial / whole, 3) if whole > 0 else float(self._peak),
            serial_seconds=round(serial, 3),
            speedup=round(serial / self._busy, 3) if self._busy > 0 else 1.0,
        )

    def _span(self, start: float, end: float) -> None:
        self._serial += end - start
        for number, (began, over) in enumerate(self._sessions):
            if began <= start <= over:
                first, last = self._outer.get(number, (start, end))
                self._outer[number] = (min(first, start), max(last, end))
        begin, over = round(start, 4), round(end, 4)  # tenths of ms are noise
        if over <= begin:
            return
        while self._ends and self._ends[0] <= begin:
            heapq.heappop(self._ends)
        heapq.heappush(self._ends, over)
        self._peak = max(self._peak, len(self._ends))
        self._busy += max(over - max(begin, self._busy_until), 0.0)
        self._busy_until = max(self._busy_until, over)


def _answered(db: apsw.Connection, run: str) -> Iterator[_Row]:
    for started, seconds, key, again, *tokens in db.execute(_ANSWERED, (run,)):
        counts = (int(tokens[0]), int(tokens[1]), int(tokens[2]))
        yield _Row(started, seconds, key, bool(again), None, counts)


def _failed(db: apsw.Connection, run: str) -> list[_Row]:
    rows = [
        _Row(
            row.sent.started,
            row.seconds,
            stored_key(row.sent.key),
            is_repeat(db, row.sent),
            row.error,
        )
        for row in iter_failed(db, run)
    ]
    return sorted(rows, key=_sending)


def _sending(row: _Row) -> float:
    return row.started
