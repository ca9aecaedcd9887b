"""dispatch: which server gets a call, and which call gets a second server."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subak.llm.dispatch import Place, Straggler, pick, pick_copy

FAST = Place(2, 8, expected_s=1.0, first_token_s=0.1, tokens_per_s=100.0)
SLOW = Place(2, 8, expected_s=10.0, first_token_s=0.2, tokens_per_s=10.0)
SECONDS = st.none() | st.floats(0.01, 100.0)
PLACES = st.lists(
    st.builds(
        Place,
        st.integers(0, 9),
        st.integers(0, 9),
        st.booleans(),
        SECONDS,
        SECONDS,
        SECONDS,
    ),
    max_size=5,
)


def test_pick_takes_the_server_with_most_room() -> None:
    """By share of its limit, not by number."""
    assert pick([Place(3, 4), Place(5, 10)], 9) == 1
    assert pick([Place(3, 10), Place(1, 2)], 9) == 0


def test_pick_leaves_out_who_is_not_open() -> None:
    """Nobody open: the call waits."""
    assert pick([Place(0, 4, is_open=False), Place(3, 4)], 9) == 1
    assert pick([Place(0, 4, is_open=False)], 9) is None
    assert pick([], 9) is None


def test_pick_leaves_a_slow_server_out_near_the_end_only() -> None:
    """With much to do it works too; the last calls wait for the fast one."""
    busy = Place(8, 8, is_open=False, expected_s=1.0)
    assert pick([SLOW, busy], backlog=100) == 0
    assert pick([SLOW, busy], backlog=3) is None


def test_pick_lets_a_server_nobody_knows_try() -> None:
    """Without a past nothing speaks against it."""
    assert pick([Place(0, 4), Place(4, 4, is_open=False, expected_s=1.0)], 1) == 0


def test_copy_goes_where_it_gains_most() -> None:
    """A call at the slow server, hardly begun, is copied to the fast one."""
    late = Straggler(place=1, waited_s=1.0, begun_s=0.5, tokens=5)
    later = Straggler(place=1, waited_s=0.5)
    assert pick_copy([late, later], [FAST, SLOW], 100.0) == (1, 0)


def test_copy_is_not_made_where_it_gains_nothing() -> None:
    """Neither to the same server, nor to a slower, an unknown or a closed one."""
    near = Straggler(place=1, waited_s=9.5, begun_s=9.3, tokens=98)
    early = Straggler(place=0, waited_s=0.1)
    shut = Place(8, 8, is_open=False, expected_s=1.0)
    assert pick_copy([near], [Place(0, 8, expected_s=5.0), SLOW], 100.0) is None
    assert pick_copy([early], [FAST, SLOW], 100.0) is None
    assert pick_copy([Straggler(1, 9.0)], [shut, SLOW], 100.0) is None
    assert pick_copy([Straggler(1, 9.0)], [Place(0, 8), SLOW], 100.0) is None


def test_copy_without_streams_goes_by_whole_durations() -> None:
    """A call that takes longer than usual at a slow server is worth a copy."""
    places = [Place(0, 8, expected_s=1.0), Place(2, 8, is_open=False, expected_s=9.0)]
    assert pick_copy([Straggler(1, 2.0)], places, None) == (0, 0)
    assert pick_copy([Straggler(1, 2.0)], places[:1] * 2, None) is None


@given(PLACES, st.integers(0, 50))
def test_pick_names_an_open_server_or_none(places: list[Place], backlog: int) -> None:
    """Whatever the numbers are; and with nothing known of speed, one if any is open."""
    index = pick(places, backlog)
    assert index is None or places[index].is_open
    if index is None:
        assert all(not one.is_open or one.expected_s is not None for one in places)


@given(PLACES, st.lists(st.tuples(SECONDS, st.integers(0, 99)), max_size=4))
def test_copy_never_goes_to_the_same_server(
    places: list[Place], calls: list[tuple[float | None, int]]
) -> None:
    """Nor to one that is not open."""
    stragglers = [
        Straggler(number % len(places), 1.0 + (begun or 0.0), begun, tokens)
        for number, (begun, tokens) in enumerate(calls)
        if places
    ]
    found = pick_copy(stragglers, places, 50.0)
    if found is not None:
        call, target = found
        assert stragglers[call].place != target
        assert places[target].is_open
