"""Other fields named around a value. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

FARE = Field("fare", "Ferry fare", "percent", words=("ferry fare", "standard rate"))
LOWER = Field("lower", "Lower ferry fare", "percent", words=("lower rate",))
MOORING = Field("moor", "Mooring due", "percent", words=("mooring due", "boats"))


@pytest.mark.parametrize(
    ("text", "is_own"),
    [
        ("## Mooring due\n\nSmall yards pay the lower rate of 7 %.", False),
        ("## Ferry fare\n\nSmall yards pay the lower rate of 7 %.", True),
        ("## Rates\n\nSmall yards pay the lower rate of 7 %.", True),
        ("## Mooring due\n\nThe lower ferry fare is 7 %.", True),
        ("## Ferry fare and mooring due\n\nThe lower rate is 7 %.", True),
    ],
)
def test_bystander_above_owns_a_rate_without_subject(text: str, is_own: bool) -> None:
    """ "The lower rate" is of what its heading names; a full name needs none."""
    fact = find_proved(prove_text(text, {"lower": 7}, FARE, LOWER, MOORING))
    assert (fact is not None) is is_own


def test_bystander_whose_name_is_longer_owns_the_heading() -> None:
    """ "Boat income charge" is no income charge."""
    wide = Field("boat", "Boat income charge", "percent", words=("boat income charge",))
    income = Field("income", "Income charge", "percent", words=("income charge",))
    text = "## {}\n\nGeneral rate: 7 %."
    below = text.format("Boat income charge")
    assert find_proved(prove_text(below, {"income": 7}, income, wide)) is None
    assert find_proved(prove_text(below, {"boat": 7}, income, wide)) is not None
    below = text.format("Income charge")
    assert find_proved(prove_text(below, {"income": 7}, income, wide)) is not None
