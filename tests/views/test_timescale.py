"""Working time as an axis."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.views.runs import Session
from subak.views.timescale import Timescale, round_step, scale_of

SCALE = Timescale((Session(0, 30), Session(100, 130)))


def test_timescale_leaves_pauses_out() -> None:
    """The pause between two sessions takes no room."""
    assert SCALE.seconds == 60
    assert [SCALE.offset(ts) for ts in (-5, 15, 30, 70, 100, 115, 500)] == [
        0,
        15,
        30,
        30,
        30,
        45,
        60,
    ]


def test_timescale_marks_where_a_run_was_resumed() -> None:
    """A break stands where the run rested, with how long."""
    assert [(tick.at, tick.label) for tick in SCALE.breaks()] == [
        (50.0, "stopped for 1 min 10 s")
    ]


def test_timescale_ticks_are_round_times() -> None:
    """Ticks are times people count in."""
    assert [tick.label for tick in SCALE.ticks()] == [
        "0:00",
        "0:10",
        "0:20",
        "0:30",
        "0:40",
        "0:50",
    ]


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=2))
def test_timescale_never_goes_back(pairs: list[tuple[float, float]]) -> None:
    """A later moment never stands left of an earlier one."""
    starts = sorted({start for start, _ in pairs})
    sessions = [
        Session(start, min(start + length, following))
        for (start, (_, length)), following in zip(
            zip(starts, pairs, strict=False), [*starts[1:], 1e9], strict=False
        )
    ]
    scale = scale_of(sessions)
    offsets = [scale.offset(ts) for ts in sorted(start for start, _ in pairs)]
    assert all(a <= b + 1e-6 for a, b in pairwise(offsets))


@pytest.mark.parametrize("seconds", [0.3, 7.0, 61.0, 3600.0, 90_000.0, 1e6])
def test_round_step_divides_into_few_parts(seconds: float) -> None:
    """However long a run is, the axis has few ticks."""
    step = round_step(seconds, 6)
    assert 1 <= seconds / step <= 6
