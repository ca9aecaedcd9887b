"""Fields that have no single value. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

TOLL = Field("toll", "Road toll", "percent", words=("road toll", "pedaggio", "bea"))
FEE = Field("fee", "Ferry fee", "percent", words=("ferry fee",))


@pytest.mark.parametrize(
    "saying",
    [
        "It is impossible to give one single road toll.",
        "If you look for the road toll: there isn't just one.",
        "There is no single road toll.",
        "The road toll cannot be stated as a single percentage.",
        "Non si può indicare una sola aliquota del pedaggio.",
        "Untuk bea tidak dapat disebutkan satu tarif.",
    ],
)
def test_several_refuses_what_the_text_cannot_name(saying: str) -> None:
    """Wherever in the document it says so; other fields keep their value."""
    text = f"The road toll is 7 % by day. The ferry fee is 5 %.\n\n{saying}"
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is None
    assert find_proved(prove_text(text, {"fee": 5}, FEE)) is not None


@pytest.mark.parametrize(
    "saying",
    [
        "There is one road toll only.",
        "There is no road toll for a single axle.",
        "The road toll is one of the lowest.",
    ],
)
def test_several_is_told_from_one(saying: str) -> None:
    """The same words in another sense."""
    text = f"The road toll is 7 %.\n\n{saying}"
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is not None


def test_several_values_in_one_cell_are_none() -> None:
    """Unless words tell which of them counts."""
    table = "| Charge | Rate |\n|---|---|\n| Road toll | {} |\n"
    for cell in ("7 %, 9 %", "7 % / 9 %", "7 % and 9 %"):
        text = table.format(cell)
        assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is None
    text = table.format("7 % (9 % at night)")
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "There are two ferry fees: 7 % for cars and 9 % for trucks.",
        "The 7 % and the 9 % ferry fees stay.",
        "First ferry fee: 7 %. Second ferry fee: 9 %.",
        "**Are there ferry fees?**\n\nYes, two. Cars pay 7 %, trucks 9 %.",
        "The ferry fees are three in number: 7 % by day, 9 % by night.\n",
    ],
)
def test_several_refuses_one_of_those_the_text_counts(text: str) -> None:
    """None of them is called the main one."""
    assert find_proved(prove_text(text, {"fee": 7}, FEE)) is None


@pytest.mark.parametrize(
    "text",
    [
        "There are two ferry fees: the main one, 7 %, and 9 % for trucks.",
        "The two old ferry fees were merged: now there is only one ferry fee of 7 %.",
        "The ferry fee is 7 %, for trucks 9 %.",
        "Two ferries run. The ferry fee is 7 %.",
    ],
)
def test_several_keeps_the_main_and_the_only_one(text: str) -> None:
    """Counting something else says nothing."""
    assert find_proved(prove_text(text, {"fee": 7}, FEE)) is not None


def test_remark_beside_a_value_is_none() -> None:
    """A table's column of remarks holds values of other things."""
    table = (
        "| Charge | Rate | {} |\n|---|---|---|\n| Road toll | 9 % | 7 % by night |\n"
    )
    assert find_proved(prove_text(table.format("Notes"), {"toll": 7}, TOLL)) is None
    text = table.format("Notes").replace("9 %", "see there")
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is not None
