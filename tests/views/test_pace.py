"""Pace: spans added one by one say the same as all of them swept at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.views.pace import Pace
from subak.views.parallel import mean_levels
from subak.views.runs import Session
from subak.views.timescale import scale_of

_START = 1_800_000_000.0
_SPANS = st.lists(
    st.tuples(st.floats(0, 60), st.floats(0.5, 30), st.floats(0.1, 50)).map(
        lambda one: (one[0], one[0] + one[1], one[2])
    ),
    max_size=30,
)


@given(_SPANS, st.integers(1, 20))
def test_levels_of_whole_bins_are_those_of_a_sweep(
    spans: list[tuple[float, float, float]], columns: int
) -> None:
    """Over columns much wider than a bin both ways to count agree."""
    pace = Pace()
    for start, end, weight in spans:
        pace.add(_START + start, _START + end, weight)
    session = Session(_START, _START + 100.0 * columns)
    edges = [100.0 * n for n in range(columns + 1)]
    swept = mean_levels(spans, edges)
    levels = pace.levels((session,), columns)
    total = sum(weight for *_, weight in spans)
    # A span's edge is right within a bin of half a second, in a column of 100 s.
    assert levels == pytest.approx(swept, abs=total * 0.006 + 1e-6)


@given(_SPANS)
def test_area_is_kept(spans: list[tuple[float, float, float]]) -> None:
    """Seconds times weight are neither lost nor made, whatever the columns."""
    pace = Pace()
    for start, end, weight in spans:
        pace.add(_START + start, _START + end, weight)
    session = Session(_START - 5, _START + 100)
    for columns in (1, 7, 120):
        area = sum(pace.levels((session,), columns)) * session.seconds / columns
        expected = sum((end - start) * weight for start, end, weight in spans)
        assert area == pytest.approx(expected, rel=1e-4, abs=1e-3)


def test_pauses_take_no_room() -> None:
    """Of a run that was taken up again only the work is shown."""
    pace = Pace()
    pace.add(_START, _START + 10, 2.0)
    pace.add(_START + 1000, _START + 1010, 4.0)
    sessions = (Session(_START, _START + 10), Session(_START + 1000, _START + 1010))
    assert pace.levels(sessions, 2) == pytest.approx([2.0, 4.0], abs=0.2)
    assert scale_of(sessions).seconds == 20


def test_nothing_is_no_level() -> None:
    """Neither empty spans nor empty times divide by nothing."""
    pace = Pace()
    pace.add(_START, _START)
    assert pace.levels((Session(_START, _START),), 10) == []
    assert pace.levels((Session(_START, _START + 1),), 2) == [0.0, 0.0]
