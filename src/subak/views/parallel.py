"""How many calls ran at once: sweeps over intervals of time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import le

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
    rounded = [(round(start, 4), round(end, 4)) for start, end in spans]
    open_ones = sorted([one for one in rounded if one[1] > one[0]])  # less is noise
    ends = sorted([end for _, end in open_ones])
    over = peak = 0
    busy = until = 0.0
    for level, (start, end) in enumerate(open_ones, start=1):
        while ends[over] <= start:
            over += 1
        if level - over > peak:
            peak = level - over
        if end > until:
            busy += end - start if start > until else end - until
            until = end
    return peak, busy


def most_at_once(starts: Iterable[float], ends: Iterable[float]) -> int:
    """Return the peak of ``sweep``, of spans whose starts and ends stand apart."""
    begins, overs = [round(at, 4) for at in starts], [round(at, 4) for at in ends]
    if any(map(le, overs, begins)):
        pairs = [one for one in zip(begins, overs, strict=True) if one[1] > one[0]]
        begins, overs = [one[0] for one in pairs], [one[1] for one in pairs]
    begins.sort()
    overs.sort()
    over = peak = 0
    for level, start in enumerate(begins, start=1):
        while overs[over] <= start:
            over += 1
        if level - over > peak:
            peak = level - over
    return peak


def mean_levels(
    spans: Iterable[tuple[float, float, float]], edges: Sequence[float]
) -> list[float]:
    """Return the mean of the weights open in each bin between two edges.

    One pass: a span adds its weight from its start on and takes it back at its end, to
    the bin in part and to all later ones as a whole.

    Args:
        spans: Start, end and weight each; sorted edges of equal distance.
    """
    bins = max(len(edges) - 1, 0)
    width = (edges[-1] - edges[0]) / bins if bins else 0.0
    if width <= 0:
        return [0.0] * bins
    low, high = edges[0], edges[-1]
    part, later = [0.0] * (bins + 1), [0.0] * (bins + 2)
    for start, end, weight in spans:
        if not low <= start <= end <= high:
            start, end = min(max(start, low), high), max(min(end, high), low)
        if end > start:
            at = (start - low) / width
            number = int(at)
            part[number] += weight * (number + 1 - at)
            later[number + 1] += weight
            at = (end - low) / width
            number = int(at)
            part[number] -= weight * (number + 1 - at)
            later[number + 1] -= weight
    pairs = zip(part[:bins], accumulate(later[:bins]), strict=True)
    return [max(one + before, 0.0) for one, before in pairs]
