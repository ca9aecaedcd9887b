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


@pytest.mark.parametrize(
    ("text", "is_own"),
    [
        ("Tyrol has a road toll of its own, 7 %.", False),
        ("Il Tirolo ha un pedaggio proprio, del 7 per cento.", False),
        ("Every bridge has a road toll of its own, 7 %.", True),
        ("Norway is another country. Road toll there is 7 %.", False),
        ("Drive carefully. There is a road toll of 7 %.", True),
        ("Per confronto, l'aliquota italiana del pedaggio è del 7 per cento.", False),
        ("Gli automobilisti italiani pagano un pedaggio del 7 per cento.", True),
    ],
)
def test_place_of_rules_is_told_by_who_has_them(text: str, is_own: bool) -> None:
    """An own rule, a place named before, an adjective beside a rate."""
    fact = find_proved(prove_text(text, {"toll": 7}, TOLL))
    assert (fact is not None) is is_own


def test_place_in_tables_is_told_by_the_label_before_the_heading() -> None:
    """ "Others (not Germany)" names it without being about it."""
    table = "## {}\n\n| Country | Road toll |\n|---|---|\n| {} | 7 % |\n"
    text = table.format("Others (not Germany)", "Norway")
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is None
    text = table.format("Norway and Germany", "Germany")
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is not None


def test_place_is_no_language() -> None:
    """Columns of one text in two languages are of no country."""
    table = "| {} | {} |\n|---|---|\n| Pedaggio: 7 % | Toll |\n"
    text = table.format("Italiano", "English summary")
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is not None
    text = table.format("Italia", "Norway")
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is None
