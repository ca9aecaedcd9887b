"""InOrder: results in the order of their rows, whenever they come."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from subak.mapping.in_order import MOST_WAITING, MOST_WAITING_BYTES, InOrder


@settings(deadline=None)
@given(st.integers(0, 40).flatmap(lambda n: st.permutations(range(n))))
def test_results_come_out_in_order_and_once(arrivals: list[int]) -> None:
    """Any order of arrival gives the order of the places."""
    written: list[bytes] = []
    order = InOrder(written.append)
    for _ in arrivals:
        order.take_place()
    for count, place in enumerate(arrivals):
        assert order.is_complete == (count == len(arrivals))
        order.put(place, f"{place}\n".encode())
    assert order.is_complete
    assert b"".join(written).split() == [b"%d" % n for n in range(len(arrivals))]


def test_nothing_is_held_back_longer_than_needed() -> None:
    """What is in order is written at once."""
    written: list[bytes] = []
    order = InOrder(written.append)
    places = [order.take_place() for _ in range(3)]
    order.put(places[1], b"b")
    assert written == []
    order.put(places[0], b"a")
    assert written == [b"ab"]


def test_straggler_makes_it_full_by_number_or_by_size() -> None:
    """Reading pauses before memory grows without bound."""
    many, large = InOrder(lambda _: None), InOrder(lambda _: None)
    straggler = many.take_place()
    fullness = []
    for _ in range(MOST_WAITING):
        fullness.append(many.is_full)
        many.put(many.take_place(), b"")
    assert not any(fullness)
    fullness = [many.is_full]
    many.put(straggler, b"")
    assert [*fullness, many.is_full] == [True, False]
    large.take_place()
    large.put(large.take_place(), bytes(MOST_WAITING_BYTES))
    assert large.is_full
