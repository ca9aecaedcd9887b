"""Proved facts as literal sentences in the article's language."""

from __future__ import annotations

import itertools

from subak.knowledge.articles.proposition import propose
from tests.knowledge.articles.taxes import FIELDS, ITALY, KENYA, fact, record


def test_propose_orders_by_entity_then_field() -> None:
    """The order depends on names and the recipe only, not on arrival."""
    expected = [
        "VAT rate of Italy: 22%.",
        "Corporate tax of Italy: 24%.",
        "VAT rate of Kenya: 16%.",
        "Corporate tax of Kenya: 30%.",
    ]
    for records in itertools.permutations([ITALY, KENYA]):
        assert [one.text for one in propose(records, FIELDS)] == expected


def test_propose_prefers_the_statement() -> None:
    """A statement of the recipe is taken as it stands, on one line."""
    stated = fact("Italy", "vat", 22.0, statement="Italy's VAT\n is 22%")
    assert [one.text for one in propose([record("Italy", stated)], {})] == [
        "Italy's VAT is 22%."
    ]


def test_propose_speaks_the_language() -> None:
    """Yes and no, countries and numbers follow the article's language."""
    has_tax = record("Germany", fact("Germany", "wealth", False))
    made = propose([has_tax], {"wealth": "Imposta"}, language="it")
    assert made[0].text == "Imposta di Germania: no."
    assert (made[0].entity, made[0].name) == ("Germany", "Germania")
    stated = fact("Italy", "vat", 8.5, statement="Tarif PPN Italy adalah 8.5%.")
    (told,) = propose([record("Italy", stated)], {"vat": "Tarif PPN"}, language="id")
    assert told.text == "Tarif PPN Italia adalah 8,5%."
    assert told.line == "Italia | tarif PPN | 8,5%"


def test_propose_joins_documents_that_agree() -> None:
    """The same value in two documents is one proposition with both quotes."""
    one = record("Italy", fact("Italy", "vat", 22.0, document="a"))
    other = record("Italy", fact("Italy", "vat", 22.0, document="b"))
    made = propose([other, one], FIELDS, title_of=lambda name: f"Title {name}")
    assert len(made) == 1
    assert [citation.title for citation in made[0].citations] == ["Title a", "Title b"]
    assert not made[0].is_disputed
