"""The rules a list of ranges keeps as a whole."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.structure import ALL_RULES, StructureRule, find_flaw, joins
from tests.knowledge.facts.ranges_sample import THREE, as_ranges


def test_structure_accepts_what_joins_rises_and_ends_open() -> None:
    """The usual list has no flaw."""
    assert find_flaw(as_ranges(*THREE), ALL_RULES) == ""


@pytest.mark.parametrize(
    ("ranges", "flaw", "rule"),
    [
        ([(5, 9, 1), (9, None, 2)], "begins at 5", "starts"),
        ([(0, 5, 1), (7, None, 2)], "nothing is said from 5 to 7", "joins"),
        ([(0, 5, 3), (5, None, 2)], "doesn't rise from 3 to 2", "rises"),
        ([(0, 5, 2), (5, None, 2)], "doesn't rise from 2 to 2", "rises"),
        ([(0, 5, 1), (5, 9, 2)], "the last range ends at 9", "open"),
    ],
)
def test_structure_tells_the_rule_that_is_broken(
    ranges: list[tuple[float, float | None, float]], flaw: str, rule: StructureRule
) -> None:
    """Each rule finds its own flaw, and only where it is asked for."""
    assert flaw in find_flaw(as_ranges(*ranges), ALL_RULES)
    others = [each for each in ALL_RULES if each != rule]
    assert find_flaw(as_ranges(*ranges), others) == ""


@pytest.mark.parametrize(
    ("ranges", "flaw"),
    [
        ([], "empty"),
        ([(5, 5, 1)], "ends before it begins"),
        ([(0, None, 1), (5, None, 2)], "has no end, but another follows"),
        ([(0, 9, 1), (5, None, 2)], "overlap below 9"),
    ],
)
def test_structure_never_allows_a_list_that_makes_no_sense(
    ranges: list[tuple[float, float | None, float]], flaw: str
) -> None:
    """Not even when no rule is asked for."""
    assert flaw in find_flaw(as_ranges(*ranges), ())


def test_structure_lets_a_list_begin_at_the_tax_free_part() -> None:
    """Above an amount that the text calls free."""
    ranges = as_ranges((5, 9, 1), (9, None, 2))
    assert find_flaw(ranges, ALL_RULES, {5.0}) == ""


def test_joins_allows_one_step() -> None:
    """ "28,001 to ..." follows "up to 28,000"; 28,002 doesn't."""
    assert joins(28_000, 28_001)
    assert joins(28_000, 28_000)
    assert not joins(28_000, 28_002)
    assert not joins(28_000, 27_999)
