"""HeapTimers: an event loop's time for tests, turned by hand."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(order=True)
class HeapTimer:
    """A call that is due later."""

    when: float
    order: int
    callback: Callable[[], object] = field(compare=False)
    is_cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Forget it."""
        self.is_cancelled = True


class HeapTimers:
    """Jumps from one due call to the next."""

    def __init__(self) -> None:
        self._now = 0.0
        self._timers: list[HeapTimer] = []
        self._order = 0

    def time(self) -> float:
        """Return the virtual seconds."""
        return self._now

    def call_at(self, when: float, callback: Callable[[], object]) -> HeapTimer:
        """Keep a call for its time."""
        self._order += 1
        timer = HeapTimer(max(when, self._now), self._order, callback)
        heapq.heappush(self._timers, timer)
        return timer

    def run(self, until_s: float = 1e9) -> None:
        """Make all calls that are due by then."""
        while self._timers and self._timers[0].when <= until_s:
            timer = heapq.heappop(self._timers)
            self._now = timer.when
            if not timer.is_cancelled:
                timer.callback()
        if until_s < 1e9:
            self._now = until_s
