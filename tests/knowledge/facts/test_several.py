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
