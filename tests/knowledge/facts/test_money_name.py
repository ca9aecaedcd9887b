"""A country's money named without the word "currency"."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import prove_text

CURRENCY = Field("currency", "Currency", "text", words=("valuta", "mata uang"))


@pytest.mark.parametrize(
    ("text", "entity", "proposed"),
    [
        ("The Jamaican dollar was devalued twice.", "Jamaica", "Jamaican dollar"),
        ("A room costs 90 Jamaican dollars.", "Jamaica", "Jamaican dollar"),
        ("Si paga in corone norvegesi.", "Norvegia", "corone norvegesi"),
        ("Semua jumlah dalam rupiah.", "Indonesia", "rupiah"),
        ("Prices are in CZK.", "Czechia", "CZK"),
    ],
)
def test_money_name_proves_the_registry_s_currency(
    text: str, entity: str, proposed: str
) -> None:
    """The document has to hold the name itself."""
    record = prove_text(text, {"currency": proposed}, CURRENCY, entity=entity)
    (fact,) = record.facts
    assert fact.value == proposed
    assert proposed in fact.evidence[0].quote


@pytest.mark.parametrize(
    ("text", "proposed"),
    [
        ("The US dollar is accepted, too.", "US dollar"),
        ("The coast is long.", "Jamaican dollar"),
    ],
)
def test_money_name_refuses_another_country_s_money(text: str, proposed: str) -> None:
    """And a name that the document doesn't hold."""
    record = prove_text(text, {"currency": proposed}, CURRENCY, entity="Jamaica")
    assert not record.facts
