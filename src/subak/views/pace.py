"""Pace: how much of something was going on, second by second, added up on the fly.

A span is taken in with four additions, whatever its length: what is kept are the
changes of the level at the bins' edges (a difference array), summed when read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate, pairwise

from subak.views.runs import Session

BIN_S = 0.5
_BINS_PER_S = 2.0


class Pace:
    """Adds up spans of time, each with a weight; tells the mean level later."""

    def __init__(self) -> None:
        self._steps: defaultdict[int, float] = defaultdict(float)

    def add(self, start: float, end: float, weight: float = 1.0) -> None:
        """Take a span in; an empty one changes nothing."""
        if end <= start:
            return
        steps = self._steps  # twenty thousand calls are taken in at once: no more steps
        place = int(start * _BINS_PER_S)
        after = (start * _BINS_PER_S - place) * weight
        steps[place] += weight - after
        steps[place + 1] += after
        place = int(end * _BINS_PER_S)
        after = (end * _BINS_PER_S - place) * weight
        steps[place] -= weight - after
        steps[place + 1] -= after

    def levels(self, sessions: Sequence[Session], columns: int) -> list[float]:
        """Return the mean level in each of so many equal parts of working time."""
        total = sum(session.seconds for session in sessions)
        if total <= 0 or columns <= 0:
            return []
        edges = [_moment(sessions, total * n / columns) for n in range(columns + 1)]
        sums = _Integral(self._steps)
        heights = [sums.until(edge) for edge in edges]
        width = total / columns
        return [max(after - before, 0.0) / width for before, after in pairwise(heights)]


class _Integral:
    """The level summed over time, from the first bin on."""

    def __init__(self, steps: dict[int, float]) -> None:
        self._places = sorted(steps)
        self._levels = list(accumulate(steps[place] for place in self._places))
        self._areas = [0.0]
        for n, place in enumerate(self._places[1:]):
            span = (place - self._places[n]) * BIN_S
            self._areas.append(self._areas[-1] + self._levels[n] * span)

    def until(self, ts: float) -> float:
        """Return the sum up to a moment."""
        n = bisect_right(self._places, ts / BIN_S) - 1
        if n < 0:
            return 0.0
        return self._areas[n] + self._levels[n] * (ts - self._places[n] * BIN_S)


def _moment(sessions: Sequence[Session], offset: float) -> float:
    """Return when so many seconds had been worked."""
    for session in sessions[:-1]:
        if offset < session.seconds:
            return session.started + offset
        offset -= session.seconds
    return sessions[-1].started + offset
