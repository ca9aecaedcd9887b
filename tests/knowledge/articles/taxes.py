"""Facts about taxes with quotes, and the sentences an article has of them."""

from __future__ import annotations

from dataclasses import replace

from subak.knowledge.articles.article import Section, Sentence
from subak.knowledge.articles.outline import Outline
from subak.knowledge.articles.proposition import Proposition, propose
from subak.knowledge.articles.written import Written
from subak.knowledge.facts.fact import (
    Evidence,
    Fact,
    FieldValue,
    Level,
    Record,
    Refusal,
)

FIELDS = {"vat": "VAT rate", "corporate": "Corporate tax", "wealth": "Wealth tax"}


def fact(
    entity: str,
    field: str,
    value: FieldValue,
    *,
    document: str = "",
    level: Level = "evidence",
    statement: str = "",
) -> Fact:
    """Make a fact proved by one quote of its own document."""
    document = document or f"doc-{entity}"
    quote = f"{field} {value}"
    evidence = Evidence(document, f"https://{document}.example/", 0, len(quote), quote)
    unit = "" if isinstance(value, str | bool) else "%"
    return Fact(entity, "tax", field, value, unit, level, (evidence,), statement)


def record(entity: str, *facts: Fact, refused: tuple[str, ...] = ()) -> Record:
    """Make the record of one document, with fields that were refused."""
    document = facts[0].evidence[0].document if facts else f"doc-{entity}"
    url = f"https://{document}.example/"
    refusals = tuple(
        Refusal(entity, "tax", name, "99", "no quote", document, url)
        for name in refused
    )
    return Record(document, url, entity, "tax", facts, refusals)


def literal(proposition: Proposition) -> Written:
    """Publish a proposition as it stands."""
    return Written(
        proposition,
        Sentence(
            proposition.text,
            "literal",
            proposition.citations,
            proposition.entity,
            proposition.field,
            proposition.text,
            proposition.status,
            proposition.note,
        ),
    )


def changed(proposition: Proposition, by: float, note: str = "5% before") -> Written:
    """Publish a proposition as one whose number rose."""
    moved = replace(proposition, status="changed", change=by, note=note, moved=1)
    return literal(moved)


def propositions(*records: Record, language: str = "en") -> tuple[Proposition, ...]:
    """Return what the records state."""
    return propose(
        records, FIELDS, language=language, title_of=lambda name: f"Page of {name[4:]}"
    )


def sections(*records: Record, outline: Outline | None = None) -> dict[str, Section]:
    """Return the sections of an article with literal sentences, by heading."""
    outline = outline or Outline(FIELDS)
    facts = propositions(*records, language=outline.language)
    written = [literal(one) for one in facts]
    compared = [literal(one) for one in outline.compared(facts)]
    made = outline.sections(written, records, compared)
    return {section.heading: section for section in made}


def texts(section: Section) -> list[str]:
    """Return the sentences of a section as people read them."""
    return [sentence.shown for sentence in section.sentences]


ITALY = record("Italy", fact("Italy", "vat", 22.0), fact("Italy", "corporate", 24.0))
KENYA = record("Kenya", fact("Kenya", "corporate", 30.0), fact("Kenya", "vat", 16.0))
PERU = record("Peru", fact("Peru", "corporate", 29.5), fact("Peru", "vat", 18.0))
