"""How many calls ran at once: sweeps over intervals of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Parallel:
    """What running calls side by side brought.

    Args:
        peak: Most calls in flight at one moment.
        mean: Calls in flight on average, from a session's first call to its last
            answer, pauses for other stages included.
        serial_seconds: Sum of all call times: what one after the other would take.
        speedup: ``serial_seconds`` over the time in which any call was in flight.
    """

    peak: int = 0
    mean: float = 0.0
    serial_seconds: float = 0.0
    speedup: float = 0.0


def sweep(spans: Iterable[Interval]) -> tuple[int, float]:
    """Return the most intervals that overlap, and how long any was open."""
    level = peak = 0
    busy = since = 0.0
    for moment, step in _steps(spans):
        if level == 0:
            since = moment
        level += step
        peak = max(peak, level)
        if level == 0:
            busy += moment - since
    return peak, busy


def mean_levels(
    spans: Iterable[tuple[float, float, float]], edges: Sequence[float]
) -> list[float]:
    """Return the mean of the weights open in each bin between two edges.

    Args:
        spans: Start, end and weight each; sorted edges of equal distance.
    """
    bins = [0.0] * max(len(edges) - 1, 0)
    width = edges[1] - edges[0] if bins else 0.0
    if width <= 0:
        return bins
    for start, end, weight in spans:
        first = max(int((start - edges[0]) / width), 0)
        last = min(int((end - edges[0]) / width), len(bins) - 1)
        for place in range(first, last + 1):
            left = edges[0] + place * width
            shared = min(end, left + width) - max(start, left)
            bins[place] += weight * max(shared, 0.0) / width
    return bins


def _steps(spans: Iterable[Interval]) -> list[tuple[float, int]]:
    """Return beginnings and ends in order, ends first; tenths of ms are noise."""
    steps = []
    for start, end in spans:
        begin, over = round(start, 4), round(end, 4)
        if over > begin:
            steps += [(begin, 1), (over, -1)]
    return sorted(steps)
