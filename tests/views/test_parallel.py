"""Sweeps over intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.views.parallel import mean_levels, most_at_once, sweep

Spans = list[tuple[float, float]]
spans = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 20)).map(
        lambda pair: (float(pair[0]), float(pair[0] + pair[1]))
    ),
    max_size=30,
)


@given(spans)
def test_sweep_agrees_with_counting_every_second(
    found: Spans,
) -> None:
    """Peak and busy time are what counting second by second gives."""
    levels = [sum(a <= t < b for a, b in found) for t in range(80)]
    peak, busy = sweep(found)
    assert peak == most_at_once([a for a, _ in found], [b for _, b in found])
    assert peak == max(levels, default=0)
    assert busy == sum(level > 0 for level in levels)


@given(spans)
def test_mean_levels_keep_the_whole_area(found: Spans) -> None:
    """No part of an interval is lost or counted twice between the bins."""
    edges = [n * 100 / 7 for n in range(8)]
    area = sum(mean_levels([(a, b, 1.0) for a, b in found], edges)) * edges[1]
    assert area == pytest.approx(sum(b - a for a, b in found))
