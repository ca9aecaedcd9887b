"""Ceiling: calls at once above which a server refuses, and when to try one more.

Additive increase after a cut to what was accepted, as in TCP's congestion avoidance
(Jacobson, 1988), with waits that grow while trying fails.
"""

from __future__ import annotations

from typing import Literal

from subak.engine.tuning.constants import (
    CEILING_HOLD_S,
    LONGEST_CEILING_HOLD_S,
    TIMEOUT_HOLD_S,
    WARM_CEILING_S,
)

Meeting = Literal[
    "new",
    "same burst",
    "more were accepted",  # at once, before: it cannot be their number
]

_GROWTH = 1.5
_SAME_BURST_S = 2.0
_FEWEST_BELOW = 2
_SHARE_BELOW = 0.15


class Ceiling:
    """Remember how many calls were accepted when one more was not."""

    def __init__(self) -> None:
        self.calls: int | None = None
        self._top = 0  # most calls that were accepted at once, by bursts of refusals
        self._burst_low = 0  # fewest in flight during the present burst
        self._until = 0.0
        self._step = 1
        self._hold_s = CEILING_HOLD_S
        self._set_at = float("-inf")
        self._seen_at = float("-inf")
        self._before_burst: tuple[int | None, float] = (None, CEILING_HOLD_S)

    def remember(self, calls: int, now: float) -> None:
        """Take the ceiling of an earlier run, for a while."""
        self.calls = self._top = max(1, calls)
        self._until = now + WARM_CEILING_S

    def is_due(self, now: float) -> bool:
        """Tell whether one more call may be let through to see."""
        return self.calls is not None and now >= self._until

    def lift(self, now: float) -> None:
        """Let one more call through; twice as many more each time that is well."""
        if self.calls is not None:
            self.calls += self._step
            self._step *= 2
            self._until = now + self._hold_s

    def clear(self) -> None:
        """Have no ceiling: it was not the number of calls that was refused."""
        self.calls = None

    def meet(self, sent_at: float, in_flight: int, now: float) -> Meeting:
        """Note a refusal; tell what it says of the number of calls at once.

        Refusals of calls that were sent before the last one was known are one burst.
        """
        is_same_burst = sent_at <= self._seen_at
        self._seen_at = now
        if is_same_burst:
            self._burst_low = min(self._burst_low, in_flight)
            return "same burst"
        self._before_burst = (self.calls, self._hold_s)
        self._top = max(self._top, self._burst_low)
        self._burst_low = in_flight
        margin = max(_FEWEST_BELOW, _SHARE_BELOW * self._top)
        return "more were accepted" if in_flight <= self._top - margin else "new"

    def set(self, in_flight: int, now: float) -> None:
        """Stay at what was accepted when one more was refused."""
        if now - self._set_at > _SAME_BURST_S:
            self._hold_s = min(LONGEST_CEILING_HOLD_S, self._hold_s * _GROWTH)
        self.calls = in_flight if self.calls is None else min(self.calls, in_flight)
        self._step = 1
        self._set_at = now
        self._until = now + self._hold_s

    def undo_burst(self) -> None:
        """Have the ceiling of before: the server took no call at all, it was away."""
        self.calls, self._hold_s = self._before_burst
        self._burst_low = 0

    def set_for_timeout(self, calls: int, now: float) -> None:
        """Stay at what a server answered in time, for a minute or longer."""
        self.calls = calls
        self._step = 1
        self._hold_s = min(
            LONGEST_CEILING_HOLD_S, max(TIMEOUT_HOLD_S, 2 * self._hold_s)
        )
        self._until = now + self._hold_s
