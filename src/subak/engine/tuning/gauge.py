"""Gauge: collects windows of streamed tokens at one level.

Windows begin and end only at moments at which no prompt is half read (right after a
first token, or while every call streams): half a prompt would ruin a short window. A
batching server gives all streams their next token at once, so a window is taken from
the last tokens told to the last tokens told: whole steps, not three and a half.
"""

from __future__ import annotations

from subak.engine.tuning.level import LevelSums
from subak.engine.tuning.traffic import Traffic

_SHORTEST_PIECE_S = 0.2
_FILLED = 0.88
_OVERFULL = 1.15
_MOSTLY_ACTIVE = 0.9


class Gauge:
    """Measure one level after the other."""

    def __init__(self, traffic: Traffic) -> None:
        self._traffic = traffic
        self.begin()

    def begin(self) -> None:
        """Begin a level: nothing is measured yet."""
        self.sums = LevelSums()
        self._answered_before = self._traffic.answered
        self._is_settled = False
        self._last: tuple[float, int, int] | None = None

    def restart(self) -> None:
        """Begin a new window at the same level."""
        self.sums = LevelSums()

    def mark(self, now: float, level: int, limit: int) -> bool:
        """Take a moment without half-read prompts; True if a piece was added."""
        traffic = self._traffic
        in_flight = traffic.in_flight
        filled = _FILLED * min(level, limit) <= in_flight <= level * _OVERFULL + 1
        if not filled:
            self._last = None
            return False
        if not self._settle(level):
            return False
        at = min(now, traffic.told_at)
        here = (at, traffic.streamed, traffic.prompts_read)
        if self._last is None:
            self._last = here
            return False
        before, streamed, prompts = self._last
        if at - before < _SHORTEST_PIECE_S:
            return False
        self.sums.add(at - before, here[2] - prompts, here[1] - streamed)
        self._last = here
        return True

    def _settle(self, level: int) -> bool:
        if not self._is_settled:
            traffic = self._traffic
            answered = traffic.answered - self._answered_before
            self._is_settled = (
                traffic.pending == 0
                or answered >= max(2, 0.5 * level)
                or traffic.active >= _MOSTLY_ACTIVE * level
            )
        return self._is_settled
