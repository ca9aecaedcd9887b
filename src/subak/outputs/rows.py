"""Facts and refusals as plain rows, in the one order all data files share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict

from subak.knowledge.facts.fact import Evidence, Fact, FieldValue, Refusal
from subak.knowledge.results import Results
from subak.knowledge.settling.settlement import (
    Previous,
    Settled,
    Standing,
    settle_all,
    standing,
)

Row = dict[str, object]


def fact_rows(results: Results) -> list[Row]:
    """Return one row a settled fact, sorted by category, entity and field."""
    titles = field_titles(results)
    return [_settled_row(one, titles, results) for one in sorted_settled(results)]


def sorted_settled(results: Results) -> list[Settled]:
    """Return each field's value once, in the same order.

    Records that nobody settled are settled by themselves, without a history.
    """
    settled = results.settled or _settled_alone(results)
    return sorted(settled, key=lambda one: (one.fact.category, *one.key))


def refusal_rows(results: Results) -> list[Row]:
    """Return one row a refused value, in the same order."""
    return [refusal_row(refusal) for refusal in sorted_refusals(results)]


def sorted_refusals(results: Results) -> list[Refusal]:
    """Return each refused value once, in the same order."""
    found = (refusal for record in results.records for refusal in record.refused)
    return sorted(dict.fromkeys(found), key=_refusal_order)


def field_titles(results: Results) -> Mapping[tuple[str, str], str]:
    """Return the title of each (category, field) that has one."""
    return {(known.category, known.field): known.title for known in results.fields}


def source_urls(one: Settled, results: Results) -> tuple[str, ...]:
    """Return the addresses that state a value, those of copies among them."""
    urls = dict.fromkeys(each.url for each in one.fact.evidence)
    for document in one.documents:
        urls.update(dict.fromkeys(results.copies.get(document, ())))
    return tuple(urls)


def plain_value(value: FieldValue | None) -> object:
    """Return a value as JSON can hold it."""
    if isinstance(value, tuple):
        return [asdict(each) for each in value]
    is_number = isinstance(value, float) and math.isfinite(value)
    return value if is_number or not isinstance(value, float) else str(value)


def evidence_row(evidence: Evidence) -> Row:
    """Return a quote with its place."""
    return {
        "url": evidence.url,
        "document": evidence.document,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
        "repair": evidence.repair,
    }


def refusal_row(refusal: Refusal) -> Row:
    """Return a refused value with the reason."""
    return {
        "entity": refusal.entity,
        "category": refusal.category,
        "field": refusal.field,
        "proposed": refusal.proposed,
        "reason": refusal.reason,
        "document": refusal.document,
        "url": refusal.url,
    }


def history_row(one: Settled) -> Row:
    """Return how a value stands against what was published before."""
    return {
        "status": one.status,
        "confirmed": one.is_confirmed,
        "since": one.since,
        "was": plain_value(one.was),
        "was_unit": one.was_unit,
        "was_until": one.was_until,
        "was_seen": one.was_seen,
        "last_confirmed": one.last_confirmed,
    }


def stood_until(one: Settled) -> str:
    """Return until when the value before stood, to be put after it; "" if unknown."""
    if one.was_until:
        return f" until {one.was_until}"
    return f" as read on {one.was_seen}" if one.was_seen else ""


def other_row(fact: Fact) -> Row:
    """Return what another source states, with its quotes."""
    return {
        "value": plain_value(fact.value),
        "unit": fact.unit,
        "level": fact.level,
        "statement": fact.statement,
        "evidence": [evidence_row(one) for one in fact.evidence],
    }


def _settled_alone(results: Results) -> tuple[Settled, ...]:
    known = {document.id: standing(document) for document in results.documents}
    return settle_all(
        results.records,
        lambda document: known.get(document, Standing()),
        lambda _: Previous(),
        lambda category: [one.field for one in results.fields_of(category)],
    )


def _refusal_order(refusal: Refusal) -> tuple[str, ...]:
    where = (refusal.category, refusal.entity, refusal.field)
    return (*where, refusal.url, refusal.document, refusal.proposed, refusal.reason)


def _settled_row(
    one: Settled, titles: Mapping[tuple[str, str], str], results: Results
) -> Row:
    fact = one.fact
    return {
        "entity": fact.entity,
        "category": fact.category,
        "field": fact.field,
        "title": titles.get((fact.category, fact.field), fact.field),
        "value": plain_value(fact.value),
        "unit": fact.unit,
        "level": fact.level,
        "statement": fact.statement,
        "evidence": [evidence_row(each) for each in fact.evidence],
        **history_row(one),
        "valid_from": fact.valid_from,
        "valid_to": fact.valid_to,
        "year": fact.year,
        "sources": list(source_urls(one, results)),
        "others": [other_row(each) for each in one.others],
    }
