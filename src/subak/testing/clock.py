"""VirtualClock: time that jumps ahead whenever everything else is waiting.

Guarantees:
    Sleepers wake in the order of their deadlines, then of their calls; between two
    deadlines everything that is ready runs first. Nothing really waits. A cancelled
    sleeper no longer moves time.

Assumes:
    Work that is ready finishes or calls ``sleep`` within ``spins`` turns of the
    event loop, and work in another thread or on a socket within ``settle_s`` real
    seconds. Both counts start again at every call of ``sleep``.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

from subak.engine.clock import Alarm

_EPOCH = 1_800_000_000.0


@dataclass(order=True, slots=True)
class _Sleeper:
    deadline: float
    order: int
    future: asyncio.Future[None] = field(compare=False)


class _Alarm:
    def __init__(self, due: asyncio.Future[None], callback: Callable[[], None]) -> None:
        self._due = due
        self._callback = callback
        due.add_done_callback(self._ring)

    def cancel(self) -> None:
        self._due.cancel()

    def _ring(self, due: asyncio.Future[None]) -> None:
        if not due.cancelled():
            self._callback()


class VirtualClock:
    """A Clock for tests; one instance may serve several event loops in turn.

    Args:
        start: The first ``now()``, in seconds since the epoch.
        spins: Turns of the event loop without a call of ``sleep`` that count as idle.
        settle_s: Real seconds to listen for other threads before each jump.
    """

    def __init__(
        self, start: float = _EPOCH, *, spins: int = 25, settle_s: float = 0.0
    ) -> None:
        self._start = start
        self._elapsed = 0.0
        self._spins = spins
        self._settle_s = settle_s
        self._sleepers: list[_Sleeper] = []
        self._order = 0
        self._calls = 0
        self._loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> float:
        """Return the virtual time in seconds since the epoch."""
        return self._start + self._elapsed

    def monotonic(self) -> float:
        """Return the virtual seconds since this clock was made."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Suspend the caller until virtual time has moved that far."""
        if seconds <= 0:
            self._calls += 1
            await asyncio.sleep(0)
            return
        await self._due(seconds)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Alarm:
        """Call back once virtual time has moved that far."""
        return _Alarm(self._due(max(seconds, 0.0)), callback)

    def advance(self, seconds: float) -> None:
        """Move time by hand; whoever is due by then wakes, and sees the new time."""
        self._calls += 1
        self._elapsed += seconds
        while self._sleepers and self._sleepers[0].deadline <= self._elapsed:
            self._wake(heapq.heappop(self._sleepers))

    def _due(self, seconds: float) -> asyncio.Future[None]:
        self._calls += 1
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        sleeper = _Sleeper(self._elapsed + seconds, self._order, future)
        self._order += 1
        heapq.heappush(self._sleepers, sleeper)
        self._watch(loop)
        return future

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._loop is not loop:
            self._loop = loop
            loop.call_soon(self._spin, self._calls, self._spins)

    def _spin(self, calls: int, left: int) -> None:
        loop = asyncio.get_running_loop()
        if calls != self._calls:
            loop.call_soon(self._spin, self._calls, self._spins)
        elif left > 0:
            loop.call_soon(self._spin, calls, left - 1)
        elif self._settle_s > 0:
            loop.call_later(self._settle_s, self._jump, calls)
        else:
            self._jump(calls)

    def _jump(self, calls: int) -> None:
        loop, self._loop = self._loop, None
        if calls == self._calls:
            self._wake_next()
        if loop is not None and self._sleepers:
            self._watch(loop)

    def _wake_next(self) -> None:
        while self._sleepers:
            sleeper = heapq.heappop(self._sleepers)
            if not sleeper.future.done():
                self._elapsed = max(self._elapsed, sleeper.deadline)
                self._wake(sleeper)
                return

    def _wake(self, sleeper: _Sleeper) -> None:
        if not sleeper.future.done():
            sleeper.future.set_result(None)
