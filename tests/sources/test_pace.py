"""Pace: slower with a host that slows or refuses, and fast again by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subak.sources.pace import Pace

Step = tuple[str, float]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["answered", "refused"]),
        st.floats(min_value=0.0, max_value=60.0),
    ),
    max_size=60,
)


def walk(pace: Pace, steps: list[Step]) -> float:
    """Let a host answer or refuse step by step; return when that ends."""
    now = 0.0
    for kind, seconds in steps:
        pace.started(now)
        now += seconds
        if kind == "refused":
            pace.refused(now)
        else:
            pace.answered(seconds)
    return now


@given(STEPS)
def test_pace_is_bounded_and_returns_to_nothing(steps: list[Step]) -> None:
    """Whatever a host did, the spacing is at most 5 s and goes away."""
    pace = Pace()
    walk(pace, steps)
    assert 0.0 <= pace.spacing_s <= 5.0
    for _ in range(100):
        pace.answered(0.1)
    assert pace.spacing_s == 0.0


@given(st.lists(st.floats(min_value=0.0, max_value=1.0), max_size=60))
def test_pace_leaves_a_quick_host_alone(latencies: list[float]) -> None:
    """Answers within a second never slow us down."""
    pace = Pace()
    walk(pace, [("answered", latency) for latency in latencies])
    assert pace.spacing_s == 0.0


def test_pace_follows_a_host_that_slows() -> None:
    """Four times its own median is slow; a host that is always slow is not."""
    pace = Pace()
    walk(pace, [("answered", 0.2)] * 10)
    pace.answered(2.0)
    assert pace.spacing_s == 2.0
    pace.answered(0.2)
    assert pace.spacing_s == 1.0
    always_slow = Pace()
    walk(always_slow, [("answered", 2.5)] * 20)
    assert always_slow.spacing_s == 0.0


def test_pace_backs_off_from_the_rate_that_was_refused() -> None:
    """Nine starts in a second were too many: next, about six a second."""
    pace = Pace()
    walk(pace, [("answered", 0.1)] * 9)
    pace.refused(0.9)
    assert 1 / 7 < pace.spacing_s < 1 / 5
    first = pace.spacing_s
    pace.refused(0.95)
    assert pace.spacing_s > first
