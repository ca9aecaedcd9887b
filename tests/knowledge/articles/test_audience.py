"""Whom facts concern: as the recipe says, with what is news to them."""

from __future__ import annotations

from dataclasses import replace

from subak.knowledge.articles.audience import audience
from subak.knowledge.articles.phrase_book import PhraseBook
from tests.knowledge.articles.taxes import (
    FIELDS,
    ITALY,
    KENYA,
    changed,
    literal,
    propositions,
)

BOOK = PhraseBook("en", FIELDS)
GROUPS = {"companies": ("corporate", "vat"), "heirs": ("inheritance",)}


def test_audience_is_told_where_it_is_news() -> None:
    """What changed and what is disputed is named, and only that is cited."""
    facts = propositions(ITALY, KENYA)
    written = [
        changed(facts[0], 0.2),
        literal(facts[1]),
        literal(replace(facts[2], is_disputed=True)),
        literal(facts[3]),
    ]
    (told,) = audience(written, BOOK, GROUPS)
    assert told.text == (
        "Companies: VAT rate (changed in Italy, disputed in Kenya);"
        " corporate tax (Italy and Kenya)."
    )
    assert len(told.citations) == 4


def test_audience_is_nobody_unless_declared() -> None:
    """Nothing is guessed, and a group that nothing concerns is left out."""
    written = [literal(one) for one in propositions(ITALY)]
    assert audience(written, BOOK, {}) == ()
    assert audience(written, BOOK, {"heirs": ("inheritance",)}) == ()


def test_audience_of_topics_has_no_entities() -> None:
    """Words of documents concern people by their topic."""
    (one, _) = propositions(ITALY)
    said = literal(replace(one, field="Work permits", entity="", called=""))
    (told,) = audience([said], PhraseBook("en"), {"employers": ("work permits",)})
    assert told.text == "Employers: work permits."


def test_audience_is_named_in_the_language() -> None:
    """The usual groups have names in all three."""
    written = [literal(one) for one in propositions(ITALY, language="it")]
    (told,) = audience(written, PhraseBook("it", FIELDS), {"companies": ("vat",)})
    assert told.text == "Imprese: VAT rate (Italia)."
