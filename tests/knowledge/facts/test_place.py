"""Values of other places. Figures are invented; the documents are about Germany."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

TOLL = Field(
    "toll", "Road toll", "percent", words=("road toll", "pedaggio", "bea jalan")
)


@pytest.mark.parametrize(
    "text",
    [
        "Hauliers look to Norway, where ferries cost 4 % and the road toll is 7 %.",
        "Norway: ferries 4 %, road toll 7 %.",
        "In Tyrol the road toll is 7 %.",
        "Road toll ranges widely: 7 % in Tyrol.",
        "Norway's road toll is 7 %, and it may grow.",
        "They drive to Norway. There, the road toll is 7 %.",
        "## Neighbours\n\nThe road toll is 7 %.",
        "## Confronto\n\nIl pedaggio è del 7 per cento.",
        "In Tirolo il pedaggio è del 7 per cento.",
        "Di Tirol bea jalan 7 persen.",
        "## Negara lain\n\nBea jalan 7 persen.",
    ],
)
def test_place_refuses_the_value_of_another_place(text: str) -> None:
    """A country, a region, what "there" stands for, or a section about others."""
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is None


@pytest.mark.parametrize(
    "text",
    [
        "In Germany the road toll is 7 %.",
        "In January the road toll is 7 %.",
        "Unlike Norway, Germany has a road toll of 7 %.",
        "In Germania il pedaggio è del 7 per cento.",
        "Amounts are in US dollars; the road toll is 7 %.",
    ],
)
def test_place_keeps_the_document_s_own_value(text: str) -> None:
    """Its own name, a month or a currency's name is no other place."""
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is not None
