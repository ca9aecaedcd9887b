"""Gold: when a value agrees with what the document says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.evaluation.gold import agrees, read_gold, read_value
from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.facts.ranges import Range
from subak.knowledge.facts.schema import Field

RATE = Field("rate", "Rate", "percent")
RANGES = Field("brackets", "Brackets", "ranges")
_AMOUNT = st.floats(0, 1e12, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "gold", "is_right"),
    [
        (19, 19.0, True),
        (19.1, 19, False),
        (True, 1, False),
        (1, True, False),
        (False, False, True),
        ("the Chilean peso (CLP)", "Chilean peso", True),
        ("Euro", "euro", True),
        ("Eurobonds", "euro", False),
        ("the euro is kept as it was in all of the country", "euro", False),
        ("19", 19, False),
    ],
)
def test_value_agrees_by_kind(
    value: FieldValue, gold: FieldValue, is_right: bool
) -> None:
    """Numbers are exact, a yes is no number, a name may stand in few more words."""
    assert agrees(value, gold) is is_right


def test_ranges_agree_though_a_bound_is_told_from_the_other_side() -> None:
    """From 18,201 is over 18,200; another rate or an open end is not the same."""
    gold = (Range(0, 18_200, 0), Range(18_200, None, 16))
    assert agrees((Range(0, 18_200, 0), Range(18_201, None, 16)), gold)
    assert not agrees((Range(0, 18_200, 0), Range(18_200, None, 17)), gold)
    assert not agrees((Range(0, 18_200, 0), Range(18_200, 45_000, 16)), gold)
    assert not agrees(gold[:1], gold)


@given(st.lists(st.tuples(_AMOUNT, st.none() | _AMOUNT, _AMOUNT), min_size=1))
def test_ranges_read_from_a_file_agree_with_themselves(
    rows: list[tuple[float, float | None, float]],
) -> None:
    """What a file writes is what is compared."""
    written = [list(row) for row in rows]
    assert agrees(read_value(written, RANGES), tuple(Range(*row) for row in rows))


def test_gold_may_be_several_values_or_nothing() -> None:
    """Null among the values makes it right to find nothing."""
    gold = read_gold({"any": [5, None]}, RATE)
    assert gold.may_be_missing
    assert gold.accepts(5)
    assert not gold.accepts(6)
    assert read_gold(None, RATE).accepted == ()


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("19", RATE),
        (True, RATE),
        ([[0, 1]], RANGES),
        ([["0", None, 1]], RANGES),
        ({"any": []}, RATE),
        ({"all": [1]}, RATE),
        (1, Field("open", "Open", "boolean")),
        (1, Field("name", "Name", "text")),
    ],
)
def test_value_of_another_kind_is_told(written: object, field: Field) -> None:
    """The message says what was expected."""
    with pytest.raises(ValueError, match="must be"):
        read_gold(written, field)
