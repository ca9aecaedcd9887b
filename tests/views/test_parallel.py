"""Sweeps over intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.views.calls import Call
from subak.views.parallel import Parallel, mean_levels, measure_parallel, sweep
from subak.views.runs import Session

Spans = list[tuple[float, float]]
spans = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 20)).map(
        lambda pair: (float(pair[0]), float(pair[0] + pair[1]))
    ),
    max_size=30,
)


def _call(start: float, end: float | None) -> Call:
    return Call("k", "facts", "x", start, end)


@given(spans)
def test_sweep_agrees_with_counting_every_second(
    found: Spans,
) -> None:
    """Peak and busy time are what counting second by second gives."""
    levels = [sum(a <= t < b for a, b in found) for t in range(80)]
    peak, busy = sweep(found)
    assert peak == max(levels, default=0)
    assert busy == sum(level > 0 for level in levels)


@given(spans)
def test_mean_levels_keep_the_whole_area(found: Spans) -> None:
    """No part of an interval is lost or counted twice between the bins."""
    edges = [n * 100 / 7 for n in range(8)]
    area = sum(mean_levels([(a, b, 1.0) for a, b in found], edges)) * edges[1]
    assert area == pytest.approx(sum(b - a for a, b in found))


def test_parallel_of_two_overlapping_calls() -> None:
    """Two calls of 4 s that share 2 s take 6 s: speed-up 8/6, at most 2 at once."""
    measured = measure_parallel([_call(0, 4), _call(2, 6)], [Session(0, 10)])
    assert measured == Parallel(2, 1.333, 8.0, 1.333)


def test_parallel_mean_counts_pauses_but_not_between_sessions() -> None:
    """Waiting for other stages lowers the mean; a night's rest does not."""
    calls = [_call(0, 2), _call(6, 8), _call(1000, 1002)]
    measured = measure_parallel(calls, [Session(0, 8), Session(1000, 1002)])
    assert measured == Parallel(1, 0.6, 6.0, 1.0)


def test_parallel_without_calls_is_nothing() -> None:
    """A run that made no call has no speed-up to show, and open calls no length."""
    assert measure_parallel([], [Session(0, 8)]) == Parallel()
    assert measure_parallel([_call(0, None)], [Session(0, 8)]) == Parallel()
