"""Host: how one host is treated during a run."""

from __future__ import annotations

import asyncio
import heapq

from subak.engine.clock import Clock
from subak.engine.context import current_task
from subak.errors import (
    ConnectionLost,
    NotConnected,
    Overloaded,
    Refused,
    SubakError,
    TimedOut,
)
from subak.sources.failure import LAST_COPY
from subak.sources.pace import Pace
from subak.sources.reason import Reason, because

CONNECTIONS = 2
IN_PLACE_S = 30.0  # a longer pause is left to the task's retry
FAILURES = 3  # in a row, of a host that has served pages
REFUSALS = 5  # in a row: it means us
_PATIENCE_S = 120.0  # a still longer pause would hold up the run for one host
_FIRST_REST_S = 1.0
_Waiter = tuple[tuple[int, int], int, asyncio.Future[None]]


class Host:
    """Places, pauses and failures of one host.

    Guarantees:
        At most two requests at once; one with a crawl-delay, which passes between the
        end of one request and the start of the next, and one while the host is in
        trouble. A host that cannot be reached is asked once more after a second, one
        that was silent from the first not at all: then it is closed for the run, and
        whoever waits for it fails at once with the same reason.

    Assumes:
        One event loop. Who has entered leaves, and says when it started.
    """

    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self._clock = clock
        self._pace = Pace()
        self._waiters: list[_Waiter] = []
        self._order = 0
        self._in_use = 0
        self._delay_s = 0.0
        self._free_at = 0.0
        self._last_start = 0.0
        self._last_end: float | None = None
        self._has_answered = False
        self._has_served = False
        self._is_shaken = False
        self._failures = 0
        self._refusals = 0
        self._troubled_at = -1.0
        self._closed_by: SubakError | None = None

    async def enter(self, delay_s: float) -> float:
        """Wait until a request may be sent; return when that is.

        Args:
            delay_s: The crawl-delay of the origin, 0 for none.

        Raises:
            Refused: The host is closed for the run.
            Overloaded: It asked for a pause too long to be waited for here.
        """
        self._delay_s = max(self._delay_s, delay_s)
        await self._take()
        may_send = False
        try:
            started = await self._wait()
            may_send = True
        finally:
            if not may_send:
                self._give()
        return started

    def leave(self, started: float, error: BaseException | None) -> None:
        """Give the place back, and note how the request ended.

        Raises:
            Refused: That was the failure that closes the host.
        """
        self._last_end = self._clock.monotonic()
        try:
            if isinstance(error, ConnectionLost | TimedOut):
                self._note_failure(started, error)
            elif error is None or isinstance(error, SubakError):
                self._failures = 0
                self._has_answered = True  # if only with what we can't use
        finally:
            self._give()

    def answered(self, latency_s: float) -> None:
        """Note that the host served a page, and how fast it began to."""
        self._has_served = True
        self._refusals = 0
        self._pace.answered(latency_s)
        if self._is_shaken:
            self._is_shaken = False
            self._serve()

    def refused(
        self, started: float, asked_s: float | None, reason: Reason = "rate-limited"
    ) -> float:
        """Send nothing for a while because the host is busy; return the seconds.

        Args:
            asked_s: What it asked for itself, if it did.
            reason: What to count it as, should it be too much.

        Raises:
            Refused: That is longer than a run waits, or one refusal too many.
        """
        now = self._clock.monotonic()
        if started >= self._troubled_at:  # else the other lane met the same refusal
            self._refusals += 1
            self._pace.refused(now)
        self._troubled_at = now
        self._is_shaken = True
        pause_s = min(_FIRST_REST_S * 2.0 ** (self._refusals - 1), IN_PLACE_S)
        if asked_s is not None:
            pause_s = asked_s
        self._free_at = max(self._free_at, now + pause_s)
        if pause_s > _PATIENCE_S:
            message = (
                f"it asked for a pause of {pause_s:.0f} s, "
                "longer than a run waits for one host"
            )
            self._close(self._refusal(reason, message))
        elif self._refusals > REFUSALS:
            message = f"it refused {self._refusals} times in a row as too busy"
            self._close(self._refusal(reason, message))
        self._check_open()
        return pause_s

    @property
    def _places(self) -> int:
        return 1 if self._delay_s > 0 or self._is_shaken else CONNECTIONS

    async def _take(self) -> None:
        self._check_open()
        if self._in_use < self._places and not self._waiters:
            self._in_use += 1
            return
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1
        waiter = (current_task().priority, self._order, granted)
        heapq.heappush(self._waiters, waiter)
        try:
            await granted
        except asyncio.CancelledError:
            if not granted.cancelled() and granted.exception() is None:
                self._give()  # it was handed over just before the cancel
            raise

    def _give(self) -> None:
        self._in_use -= 1
        self._serve()

    def _serve(self) -> None:
        while self._waiters and self._in_use < self._places:
            granted = heapq.heappop(self._waiters)[2]
            if not granted.done():
                self._in_use += 1
                granted.set_result(None)

    async def _wait(self) -> float:
        """Sleep as long as pauses, the crawl-delay and the pace ask for."""
        while True:
            self._check_open()
            now = self._clock.monotonic()
            at = self._next_start(now)
            if at <= now:
                break
            if self._pace.spacing_s:
                self._last_start = max(self._last_start, at)  # the other lane's turn
            await self._clock.sleep(at - now)
            if self._free_at <= at:
                self._check_open()
                now = self._clock.monotonic()
                break
        self._last_start = max(self._last_start, now)
        self._pace.started(now)
        return now

    def _next_start(self, now: float) -> float:
        rest_s = self._free_at - now
        if rest_s > IN_PLACE_S:
            raise self._overloaded(rest_s)
        at = self._free_at
        if self._delay_s > 0 and self._last_end is not None:
            at = max(at, self._last_end + self._delay_s)
        if spacing_s := self._pace.spacing_s:
            at = max(at, self._last_start + spacing_s)
        return at

    def _note_failure(self, started: float, error: SubakError) -> None:
        now = self._clock.monotonic()
        if started >= self._troubled_at:  # else the other lane met the same trouble
            self._failures += 1
        self._troubled_at = now
        self._is_shaken = True
        if self._failures >= self._failures_allowed(error):
            self._close(error)
            raise self._said_once(error) from error
        if isinstance(error, NotConnected):
            self._free_at = max(self._free_at, now + _FIRST_REST_S)

    def _failures_allowed(self, error: SubakError) -> int:
        if self._has_served:
            return FAILURES
        return 1 if isinstance(error, TimedOut) and not self._has_answered else 2

    def _close(self, error: SubakError) -> None:
        self._closed_by = error
        waiters, self._waiters = self._waiters, []
        for _, _, granted in waiters:
            if not granted.done():
                granted.set_exception(self._closed_refusal(error))

    def _check_open(self) -> None:
        if self._closed_by is not None:
            raise self._closed_refusal(self._closed_by)

    def _closed_refusal(self, error: SubakError) -> Refused:
        message = f"{self.name} is not asked again in this run: {error.message}"
        return self._refusal(error.reason, message)

    def _said_once(self, error: SubakError) -> Refused:
        refused = Refused(
            f"{error.message}; {self.name} is not asked again in this run",
            where=error.where,
            hint=error.hint,
        )
        refused.reason = error.reason
        return refused

    def _refusal(self, reason: str, message: str) -> Refused:
        refused = Refused(message, where=self.name, hint=LAST_COPY)
        refused.reason = reason
        return refused

    def _overloaded(self, rest_s: float) -> Overloaded:
        busy = Overloaded(
            f"{self.name} asked for a pause of {rest_s:.0f} s more",
            where=self.name,
            hint=LAST_COPY,
            retry_after_s=rest_s,
        )
        return because("rate-limited", busy)
