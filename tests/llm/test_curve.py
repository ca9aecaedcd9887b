"""Curve: knee, stop rules and bisection, without any server."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from subak.llm.curve import MOST_PARALLEL, Curve, Level, cap_of

SPEEDS = st.lists(st.floats(0.1, 1e4), min_size=1, max_size=9)


def _level(
    parallel: int, speed: float, *, errors: int = 0, active: int | None = None
) -> Level:
    seen = parallel if active is None else active
    return Level(parallel, speed, 0.1, 1.0, 20, errors, seen)


def _curve(*speeds: float) -> Curve:
    return Curve(tuple(_level(2**n, speed) for n, speed in enumerate(speeds)))


def test_curve_without_levels_begins_with_one() -> None:
    """Nothing measured yet: no best, no knee, and one call is first."""
    empty = Curve()
    assert (empty.best, empty.knee, empty.middle()) == (None, None, None)
    assert empty.slots_seen() is None
    assert empty.next_level(8) == 1


def test_curve_doubles_up_to_the_cap() -> None:
    """Two more of everything, and the cap itself last."""
    assert _curve(10, 20).next_level(8) == 4
    assert _curve(10, 20, 40).next_level(6) == 6
    assert _curve(10, 20, 40).next_level(4) is None


def test_curve_ends_after_two_levels_that_bring_nothing() -> None:
    """One flat level may be noise; a second one ends the climb."""
    assert _curve(10, 20, 20.5).next_level(64) == 8
    assert _curve(10, 20, 20.5, 20.9).next_level(64) is None
    assert _curve(10, 20, 20.5, 30).next_level(64) == 16
    assert _curve(10, 10.1).next_level(64) == 4


def test_curve_ends_where_calls_are_refused() -> None:
    """More than a tenth refused is too much, and is neither best nor knee."""
    curve = _curve(10, 20).with_level(_level(4, 90, errors=5))
    assert curve.is_refusing
    assert curve.next_level(64) is None
    assert curve.best == _level(2, 20)
    assert _curve(10, 20).with_level(_level(4, 90, errors=1)).next_level(64) == 8


def test_curve_bisects_once_below_the_knee() -> None:
    """Between 4 and 8 lies 6; between 1 and 2 lies nothing."""
    assert _curve(10, 20, 40, 80, 80, 80).middle() == 6
    assert _curve(10, 20, 20, 20).middle() is None
    assert _curve(10, 10, 10).middle() is None


def test_curve_keeps_levels_sorted_and_the_faster_of_two() -> None:
    """A level measured again counts if it is better: disturbances only slow down."""
    curve = _curve(10, 20, 40).with_level(_level(3, 30)).with_level(_level(2, 21))
    assert [level.parallel for level in curve.levels] == [1, 2, 3, 4]
    assert curve.levels[1].tokens_per_s == 21
    assert curve.with_level(_level(2, 15)) == curve


def test_curve_doubts_levels_slower_than_smaller_ones() -> None:
    """A dip may be somebody else's work; a refused level is no dip."""
    assert _curve(10, 20, 8, 40, 37).doubtful() == (4,)
    assert _curve(10, 20, 19, 40).doubtful() == ()
    assert _curve(10, 20).with_level(_level(4, 8, errors=9)).doubtful() == ()


def test_knee_is_never_above_the_slots() -> None:
    """What waits for a slot brings nothing, whatever a noisy machine seems to say."""
    noisy = _curve(9.5, 6.1, 10.3, 9.7, 10.9)
    assert noisy.knee == _level(16, 10.9)
    published = Curve(noisy.levels, slots=8).with_level(_level(3, 9.0))
    assert published.best == _level(4, 10.3)
    assert published.knee == _level(4, 10.3)
    seen = _curve(10, 20, 40).with_level(_level(8, 41.9, active=4))
    assert seen.best == _level(4, 40)


def test_curve_reads_the_slots_off_the_streams() -> None:
    """Twice as many calls, no more at work, no more tokens: those are the slots."""
    flat = _curve(10, 20, 40)
    assert flat.with_level(_level(8, 40, active=4)).slots_seen() == 4
    assert flat.with_level(_level(8, 40, active=5)).slots_seen() is None
    assert flat.with_level(_level(8, 80, active=4)).slots_seen() is None
    assert flat.with_level(_level(8, 40, active=0)).slots_seen() is None


def test_cap_follows_what_is_published_and_allowed() -> None:
    """Twice the slots, at most what the user allows, never beyond reason."""
    assert cap_of(4, None) == 8
    assert cap_of(4, 3) == 3
    assert cap_of(None, None) == MOST_PARALLEL


@given(SPEEDS)
def test_knee_is_the_smallest_level_near_the_best(speeds: list[float]) -> None:
    """Within 5 % of the best, and no smaller level is."""
    curve = _curve(*speeds)
    best, knee = curve.best, curve.knee
    assert best is not None
    assert knee is not None
    assert knee.parallel <= best.parallel
    assert knee.tokens_per_s >= 0.95 * best.tokens_per_s
    smaller = [each for each in curve.levels if each.parallel < knee.parallel]
    assert all(each.tokens_per_s < 0.95 * best.tokens_per_s for each in smaller)


@given(
    st.integers(1, 600),
    st.one_of(st.none(), st.integers(1, 600)),
    st.one_of(st.none(), st.integers(1, 600)),
)
def test_climb_finds_the_knee_of_every_slot_server(
    slots: int, published: int | None, most: int | None
) -> None:
    """Few levels are measured; the knee brings what the server can, within the cap."""
    cap = cap_of(published, most)
    curve = Curve()
    while (parallel := curve.next_level(cap)) is not None:
        assert parallel <= cap
        curve = curve.with_level(_level(parallel, float(min(parallel, slots))))
    assert curve.doubtful() == ()
    middle = curve.middle()
    if middle is not None:
        curve = curve.with_level(_level(middle, float(min(middle, slots))))
    assert len(curve.levels) <= math.log2(cap) + 3
    knee = curve.knee
    assert knee is not None
    assert knee.tokens_per_s >= 0.95 * min(slots, cap)
