"""quantile_bounds: classes that are never empty and never part equals."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from subak.outputs.quantiles import quantile_bounds

_NUMBERS = st.lists(st.integers(-50, 50).map(float), min_size=1, max_size=60)


@given(_NUMBERS, st.integers(1, 7))
def test_quantiles_leave_no_class_empty(numbers: list[float], classes: int) -> None:
    """Every class holds a number, every number has a class, equals share theirs."""
    bounds = quantile_bounds(numbers, classes)
    places = Counter(bisect_left(bounds, number) for number in numbers)
    assert sorted(places) == list(range(len(bounds)))
    assert len(bounds) <= classes
    assert bounds[-1] == max(numbers)


@given(st.integers(1, 7), st.integers(1, 20))
def test_quantiles_are_even_without_ties(classes: int, each: int) -> None:
    """Distinct numbers are parted into classes of equal size."""
    bounds = quantile_bounds(map(float, range(classes * each)), classes)
    places = [bisect_left(bounds, number) for number in range(classes * each)]
    assert set(Counter(places).values()) == {each}


def test_quantiles_of_nothing_are_none() -> None:
    """No numbers, no classes."""
    assert quantile_bounds([], 5) == ()
