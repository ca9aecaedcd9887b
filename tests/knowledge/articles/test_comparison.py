"""What follows from several facts, and what can't be compared."""

from __future__ import annotations

from dataclasses import replace

from subak.knowledge.articles.comparison import compare, spread_of
from subak.knowledge.articles.phrase_book import PhraseBook
from tests.knowledge.articles.taxes import (
    FIELDS,
    ITALY,
    KENYA,
    PERU,
    fact,
    propositions,
    record,
)

BOOK = PhraseBook("en", FIELDS)


def test_comparison_names_both_ends_and_cites_them() -> None:
    """Highest and lowest, in field order, each with its quote."""
    vat, corporate = compare(propositions(ITALY, KENYA, PERU), BOOK)
    assert vat.text == (
        "Among those covered, the VAT rate is highest in Italy (22%) and lowest in"
        " Kenya (16%)."
    )
    assert [one.quote for one in vat.citations] == ["vat 22.0", "vat 16.0"]
    assert corporate.field == "corporate"
    assert spread_of(vat, BOOK) == "VAT rate: from 16% in Kenya to 22% in Italy"


def test_comparison_says_when_all_are_alike() -> None:
    """Equal values have no highest and lowest, and give no headline."""
    names = ["Angola", "Benin", "Chad"]
    alike = [record(name, fact(name, "vat", 22.0)) for name in names]
    (one,) = compare(propositions(*alike), BOOK)
    assert one.text == "The VAT rate is 22% in Angola, Benin and Chad."
    assert len(one.covers) == 3
    assert spread_of(one, BOOK) == ""


def test_comparison_covers_only_what_it_names() -> None:
    """Of many ties three are named; all are cited, the rest still has to be told."""
    names = ["Angola", "Benin", "Chad", "Egypt", "Fiji"]
    (one,) = compare(
        propositions(
            record("Zambia", fact("Zambia", "vat", 5.0)),
            *(record(name, fact(name, "vat", 9.0)) for name in names),
        ),
        BOOK,
    )
    assert "highest in Angola, Benin, Chad and others (9%)" in one.text
    assert len(one.citations) == 6
    assert [each.entity for each in one.covers] == [*names[:3], "Zambia"]


def test_comparison_needs_comparable_numbers() -> None:
    """Two entities, words, values in dispute and other units are not compared."""
    facts = propositions(ITALY, KENYA, PERU)
    assert compare(propositions(ITALY, KENYA), BOOK) == ()
    words = [record(name, fact(name, "wealth", "none")) for name in ("A", "B", "C")]
    assert compare(propositions(*words), BOOK) == ()
    for odd in (
        replace(facts[0], is_disputed=True),
        replace(facts[0], status="kept"),
        replace(facts[0], unit="EUR"),
        replace(facts[0], entity="Kenya"),
    ):
        found = compare([odd, *facts[1:]], BOOK)
        assert [one.field for one in found] == ["corporate"]


def test_comparison_speaks_the_language() -> None:
    """Names of countries and numbers as well."""
    names = ["Germany", "Kenya", "Japan"]
    records = [
        record(name, fact(name, "vat", at + 0.5)) for at, name in enumerate(names)
    ]
    (one,) = compare(propositions(*records, language="it"), PhraseBook("it", FIELDS))
    assert "massimo in Giappone (2,5%), minimo in Germania (0,5%)" in one.text
