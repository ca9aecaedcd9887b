"""Values that the next sentence replaces. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

TOLL = Field("toll", "Road toll", "percent", words=("road toll", "bea jalan"))


@pytest.mark.parametrize(
    "text",
    [
        "The law sets a road toll of 10 %. Later that rate was lowered to 7 %.",
        "The road toll was set at 10 %. It has since been cut to 7 %.",
        "Bea jalan sebesar 10 %. Tarif itu diturunkan menjadi 7 %.",
    ],
)
def test_succession_refuses_what_the_next_sentence_replaces(text: str) -> None:
    """The value that was before."""
    assert find_proved(prove_text(text, {"toll": 10}, TOLL)) is None


@pytest.mark.parametrize(
    "text",
    [
        "The road toll is 10 %. It was raised from 7 % in 2019.",
        "The road toll is 10 %. It was lowered to 7 % for a year and is 10 % again.",
        "The road toll is 10 %.\n\nThe bridge was narrowed. It was reduced to 7 m.",
        "The road toll is 10 %. It would be cut to 7 % under the bill.",
    ],
)
def test_succession_keeps_what_stands(text: str) -> None:
    """A former value, a passing one, another paragraph, a plan."""
    assert find_proved(prove_text(text, {"toll": 10}, TOLL)) is not None


def test_later_entry_of_a_list_of_years_counts() -> None:
    """An entry begins with its year; a period or a plain sentence doesn't."""
    toll = Field("toll", "Road toll", "percent", words=("road toll",))
    entries = (
        "**1999** Road toll set at 7 %.\n\n**2010** Road toll cut to 9 %, kept since."
    )
    assert find_proved(prove_text(entries, {"toll": 7}, toll)) is None
    assert find_proved(prove_text(entries, {"toll": 9}, toll)) is not None
    text = "1999 lorries pay a road toll of 7 %."
    assert find_proved(prove_text(text, {"toll": 7}, toll)) is not None
