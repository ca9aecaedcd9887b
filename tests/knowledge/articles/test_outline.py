"""The sections code makes of facts: each says something that the others don't."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from subak.knowledge.articles.outline import Length, Outline
from tests.knowledge.articles.taxes import (
    FIELDS,
    ITALY,
    KENYA,
    PERU,
    changed,
    fact,
    literal,
    propositions,
    record,
    sections,
    texts,
)

OUTLINE = Outline(FIELDS)
THREE = (ITALY, KENYA, PERU)


def test_outline_tells_no_fact_more_than_twice() -> None:
    """Once where it belongs, and once in the summary or among the actions."""
    facts = propositions(*THREE)
    written = [changed(facts[0], 0.5), *map(literal, facts[1:])]
    told = [one.proposition for one in written]
    compared = [literal(one) for one in OUTLINE.compared(told)]
    made = OUTLINE.sections(written, (), compared)
    quotes = Counter(
        (one.document, one.quote)
        for section in made
        if section.heading != "Stakeholders"
        for sentence in section.sentences
        for one in sentence.citations
    )
    assert set(quotes) == {
        (one.document, one.quote) for fact in facts for one in fact.citations
    }
    assert max(quotes.values()) == 2


def test_outline_summary_takes_at_most_half() -> None:
    """Beside the headline other fields first, then other entities."""
    made = sections(ITALY, KENYA)
    assert texts(made["Executive summary"]) == [
        "Corporate tax of Kenya: 30%.",
        "VAT rate of Kenya: 16%.",
    ]


def test_outline_says_what_follows_from_several_facts_once() -> None:
    """What the comparison says of the ends, the analysis does not say again."""
    made = sections(*THREE)
    assert texts(made["Key findings"])[0].startswith(
        "Among those covered, the VAT rate"
    )
    told = texts(made["Detailed analysis: VAT rate"])
    assert told == ["VAT rate of Peru: 18%."]


def test_outline_puts_what_changed_before_all_else() -> None:
    """Findings begin with what moved most; the headline says where it went."""
    facts = propositions(*THREE)
    written = [
        *map(literal, facts[:2]),
        changed(facts[2], 0.1),
        changed(facts[3], 0.4),
        *map(literal, facts[4:]),
    ]
    outline = replace(OUTLINE, stakeholders={"heirs": ("wealth",)})
    made = {one.heading: one for one in outline.sections(written, ())}
    assert texts(made["Executive summary"])[0] == "VAT rate of Kenya: 16% (5% before)."
    assert [one.entity for one in made["Key findings"].sentences] == ["Kenya"] * 2
    headline = OUTLINE.headline(written)
    assert headline is not None
    assert headline.shown == "Kenya: corporate tax up to 30% (5% before)"
    assert headline.citations == facts[3].citations


def test_outline_headline_of_a_first_day_compares() -> None:
    """Where all is new, the widest difference is what there is to tell."""
    facts = tuple(replace(one, status="new") for one in propositions(*THREE))
    compared = [literal(one) for one in OUTLINE.compared(facts)]
    headline = OUTLINE.headline(list(map(literal, facts)), compared)
    assert headline is not None
    assert headline.text == "VAT rate: from 16% in Kenya to 22% in Italy"
    assert len(headline.citations) == 2
    assert OUTLINE.headline([]) is None


def test_outline_analysis_has_the_fewer_sections() -> None:
    """Few countries: one section each; few fields: one section a field."""
    assert "Detailed analysis: Italy" in sections(ITALY, KENYA)
    names = ["Angola", "Benin", "Chad"]
    values = [
        record(name, fact(name, "vat", 9.0 + at)) for at, name in enumerate(names)
    ]
    assert "Detailed analysis: VAT rate" in sections(*values)


def test_outline_tells_both_values_of_a_conflict() -> None:
    """The findings say which counts, the actions which source says what."""
    (mine,) = propositions(record("Italy", fact("Italy", "vat", 22.0)))
    (other,) = propositions(
        record("Italy", fact("Italy", "vat", 21.0, document="doc-b"))
    )
    disputed = replace(mine, rivals=(other,), is_disputed=True)
    made = {one.heading: one for one in OUTLINE.sections([literal(disputed)], ())}
    assert texts(made["Key findings"]) == [
        "Sources differ on the VAT rate of Italy: 22% is taken here, elsewhere it is"
        " 21%."
    ]
    assert texts(made["Action items"]) == [
        "Settle the VAT rate of Italy: “Page of Italy” says 22%, “Page of b” says 21%."
    ]
    assert list(made) == ["Key findings", "Action items"]


@pytest.mark.parametrize("language", ["en", "it", "id", "fr"])
def test_outline_every_sentence_has_a_citation(language: str) -> None:
    """Whatever section, whatever language: no sentence without a quote."""
    outline = Outline(FIELDS, language, stakeholders={"companies": ("vat", "wealth")})
    made = sections(
        *THREE,
        record(
            "Kenya", fact("Kenya", "vat", 15.0, document="doc-b"), refused=("wealth",)
        ),
        outline=outline,
    )
    assert len(made) >= 5
    told = [one for section in made.values() for one in section.sentences]
    assert all(one.citations for one in told)
    assert not any(mark in one.shown for one in told for mark in ("..", "{", " ,", "_"))


def test_outline_parts_can_be_chosen() -> None:
    """The recipe's parts, in the recipe's order."""
    made = sections(ITALY, outline=Outline(FIELDS, parts=("analysis", "summary")))
    assert list(made) == ["Detailed analysis: Italy", "Executive summary"]


def test_outline_without_findings_leaves_all_to_the_analysis() -> None:
    """Nothing is compared, so nothing is missing below."""
    made = sections(*THREE, outline=Outline(FIELDS, parts=("analysis",)))
    assert sum(len(section.sentences) for section in made.values()) == 6


@pytest.mark.parametrize(("length", "most"), [("short", 2), ("normal", 3), ("long", 5)])
def test_outline_length_decides_how_much_is_told(length: Length, most: int) -> None:
    """A short article has a shorter summary than a long one."""
    names = ["Angola", "Benin", "Chad", "Egypt", "Fiji", "Ghana"]
    many = [
        record(name, fact(name, "vat", at + 1.0), fact(name, "corporate", at + 9.0))
        for at, name in enumerate(names)
    ]
    outline = replace(OUTLINE, length=length)
    assert len(sections(*many, outline=outline)["Executive summary"].sentences) == most
