"""The top of a list of ranges. Figures are invented."""

from __future__ import annotations

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

TOP = Field("top", "Top wage tax rate", "percent", words=("wage tax", "top rate"))
STEPS = Field("steps", "Wage tax steps", "ranges", words=("wage tax", "pay levy"))
BASE = Field("base", "Wage tax", "percent", words=("wage tax",))
_LIST = (
    "## Pay levy\n\n| Pay (EUR) | Rate |\n|---|---|\n| up to 10,000 | 11 % |\n"
    "| 10,000 to 40,000 | 22 % |\n| over 40,000 | 31 % |\n"
)


def test_highest_is_the_last_of_the_list() -> None:
    """The ranges field's words name the list that the top rate is read from."""
    record = prove_text(_LIST, {"top": 31}, TOP, STEPS)
    assert {fact.field: fact.value for fact in record.facts}["top"] == 31


def test_highest_refuses_a_lower_step() -> None:
    """22 % stands in the list, but 31 % does too."""
    record = prove_text(_LIST.replace("Pay levy", "Wage tax"), {"top": 22}, TOP, STEPS)
    assert [fact.value for fact in record.facts if fact.field == "top"] == [31]
    assert "31" in record.refused[0].reason or "higher" in record.refused[0].reason


def test_highest_leaves_no_step_to_a_field_that_asks_for_one_value() -> None:
    """A rate that holds for a part of the amounts is not the rate."""
    text = _LIST.replace("Pay levy", "Wage tax")
    assert find_proved(prove_text(text, {"base": 22}, BASE)) is None
