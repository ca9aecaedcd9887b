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


def _currency(text: str, proposed: str, entity: str) -> object:
    values: dict[str, object] = {"currency": proposed} if proposed else {}
    record = prove_text(text, values, CURRENCY, entity=entity)
    return next((fact.value for fact in record.facts), None)


@pytest.mark.parametrize(
    ("text", "proposed", "entity", "value"),
    [
        ("Pay in Kenya shillings.", "Kenya shillings", "Kenya", "Kenya shilling"),
        ("Pay in Albanian lek (ALL).", "lek", "Albania", "lek (ALL)"),
        ("Pay in lek.", "", "Albania", "lek"),
        ("We pay in lek, all of us.", "", "Albania", "lek"),
        ("The Bermudian dollar equals the US dollar.", "US dollar", "Bermuda",
         "Bermudian dollar"),
        ("Pay in euros; no Swiss francs.", "Swiss francs", "Germany", "euro"),
        ("Prices may be in yen.", "", "Germany", None),
        ("The dinar and the riyal are strong.", "", "Bahrain", None),
        ("The leu (RON) was replaced by the euro.", "", "Romania", None),
    ],
)  # fmt: skip
def test_money_is_the_country_s_own(
    text: str, proposed: str, entity: str, value: object
) -> None:
    """By the registry's name or code where the text has it, and by no other's."""
    assert _currency(text, proposed, entity) == value
