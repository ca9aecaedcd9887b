"""FactTold: a value with its proof, as tools tell it."""

from __future__ import annotations

from msgspec import Struct

from subak.knowledge.facts.fact import Evidence, Fact
from subak.mcp.foreign_words import Told, one_line, told_value

_QUOTES = 3
_QUOTE = 600


class Quote(Struct, frozen=True):
    """Where a value is proved; start and end are offsets in the document's text."""

    document: str
    url: str
    start: int
    end: int
    quote: str


class FactTold(Struct, frozen=True):
    """A value; quotes are some of its proofs, proofs says how many there are."""

    category: str
    entity: str
    field: str
    value: Told
    unit: str
    statement: str
    valid_from: str
    valid_to: str
    proofs: int
    quotes: list[Quote]


def tell_fact(fact: Fact, quotes: int = _QUOTES) -> FactTold:
    """Return a value with some of its quotes."""
    return FactTold(
        category=one_line(fact.category),
        entity=one_line(fact.entity),
        field=one_line(fact.field),
        value=told_value(fact.value),
        unit=one_line(fact.unit),
        statement=one_line(fact.statement, _QUOTE),
        valid_from=one_line(fact.valid_from),
        valid_to=one_line(fact.valid_to),
        proofs=len(fact.evidence),
        quotes=[_quote(one) for one in fact.evidence[:quotes]],
    )


def _quote(one: Evidence) -> Quote:
    return Quote(
        document=one.document,
        url=one_line(one.url, 1_000),
        start=one.start,
        end=one.end,
        quote=one_line(one.quote, _QUOTE),
    )
