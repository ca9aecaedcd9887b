"""Values whose sentence says "the rate": the one before names the field."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

TOLL = Field("toll", "Road toll", "percent", words=("road toll", "pedaggio"))
FEE = Field("fee", "Ferry fee", "percent", words=("ferry fee",))


@pytest.mark.parametrize(
    "text",
    [
        "Every car pays the road toll. The rate is 7 %.",
        "Chi guida paga il pedaggio. L'aliquota è del 7 %.",
    ],
)
def test_lead_names_what_a_sentence_speaks_of(text: str) -> None:
    """The quotes hold both sentences."""
    fact = find_proved(prove_text(text, {"toll": 7}, TOLL))
    assert fact is not None
    assert len(fact.evidence) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Every car pays the road toll.\n\nThe rate is 7 %.",
        "Every car pays the road toll. Excise on fuel is at a rate of 7 %.",
        "Every car pays the road toll. Ships pay in spring. The rate is 7 %.",
        "The road toll and the ferry fee are old. The rate is 7 %.",
        "Every car pays the road toll. Drivers under 20 get 7 %.",
    ],
)
def test_lead_counts_right_before_and_alone_only(text: str) -> None:
    """Not across paragraphs, not for another charge, not where two are named."""
    record = prove_text(text, {"toll": 7}, TOLL, FEE)
    assert not [fact for fact in record.facts if fact.value == 7]


def test_lead_completes_the_adjective_of_a_sentence() -> None:
    """ "There is only one reduced" counts on the noun before it."""
    reduced = Field("reduced", "Reduced toll", "percent", words=("reduced toll",))
    text = "The common toll is 9 %. There is only one reduced, of 7 %."
    assert find_proved(prove_text(text, {"reduced": 7}, reduced)) is not None
    assert find_proved(prove_text(text, {"reduced": 9}, reduced)) is None


def test_headings_prove_nothing_of_another_subject() -> None:
    """Below "Road toll" stands what a fee costs, too."""
    text = "## Road toll\n\nIn towns a parking fee of {} is due. Cars pay 7 %."
    record = prove_text(text.format("9 %"), {"toll": 9}, TOLL)
    assert not [fact for fact in record.facts if fact.value == 9]
