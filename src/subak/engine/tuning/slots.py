"""SlotWatch: how many requests a server works on at once, read off its streams.

On a server of k slots never more than k answers run while others wait, and when one
ends the next begins: streams end, calls are pending, and no more run than before.
"""

from __future__ import annotations

from subak.engine.tuning.traffic import Traffic

_STEADY_S = 0.5
_FEWEST_ENDS = 2
_CLEARLY_FEWER = 0.8


class SlotWatch:
    """Watch the number of streams that run at once during one level."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self.begin(0.0)

    def begin(self, now: float) -> None:
        """Begin a level."""
        self._most = self._traffic.active
        self._record_at = now
        self._record_answered = self._traffic.answered

    def began(self, now: float) -> None:
        """Take notice that one more answer runs."""
        if self._traffic.active > self._most:
            self._most = self._traffic.active
            self._record_at = now
            self._record_answered = self._traffic.answered

    def find(self, now: float, level: int) -> int | None:
        """Return the number of slots once it is certain."""
        traffic, most = self._traffic, self._most
        pending = traffic.pending
        if pending < 1 or not 1 <= most < level:
            return None
        ended = traffic.answered - self._record_answered
        if ended < max(_FEWEST_ENDS, most // 6) or now - self._record_at < _STEADY_S:
            return None
        if most <= _CLEARLY_FEWER * level or pending >= 2:
            return most
        return None
