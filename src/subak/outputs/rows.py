"""Facts and refusals as plain rows, in the one order all data files share."""

from __future__ import annotations

import math
from collections.abc import Mapping

from subak.knowledge.fact import Evidence, Fact, FieldValue, Refusal
from subak.knowledge.results import Results

Row = dict[str, object]


def fact_rows(results: Results) -> list[Row]:
    """Return one row a fact, sorted by category, entity, field and proof."""
    titles = field_titles(results)
    return [_fact_row(fact, titles) for fact in sorted_facts(results)]


def sorted_facts(results: Results) -> list[Fact]:
    """Return each fact once, in the same order."""
    facts = dict.fromkeys(fact for record in results.records for fact in record.facts)
    return sorted(facts, key=_fact_order)


def refusal_rows(results: Results) -> list[Row]:
    """Return one row a refused value, in the same order."""
    return [_refusal_row(refusal) for refusal in sorted_refusals(results)]


def sorted_refusals(results: Results) -> list[Refusal]:
    """Return each refused value once, in the same order."""
    found = (refusal for record in results.records for refusal in record.refused)
    return sorted(dict.fromkeys(found), key=_refusal_order)


def field_titles(results: Results) -> Mapping[tuple[str, str], str]:
    """Return the title of each (category, field) that has one."""
    return {(known.category, known.field): known.title for known in results.fields}


def _fact_order(fact: Fact) -> tuple[str, ...]:
    proof = [f"{one.url} {one.start:012} {one.end:012}" for one in fact.evidence]
    value = f"{type(fact.value).__name__} {fact.value}"
    return (fact.category, fact.entity, fact.field, *proof, value, fact.statement)


def _refusal_order(refusal: Refusal) -> tuple[str, ...]:
    where = (refusal.category, refusal.entity, refusal.field)
    return (*where, refusal.url, refusal.document, refusal.proposed, refusal.reason)


def _fact_row(fact: Fact, titles: Mapping[tuple[str, str], str]) -> Row:
    return {
        "entity": fact.entity,
        "category": fact.category,
        "field": fact.field,
        "title": titles.get((fact.category, fact.field), fact.field),
        "value": _finite(fact.value),
        "unit": fact.unit,
        "level": fact.level,
        "statement": fact.statement,
        "evidence": [_evidence_row(one) for one in fact.evidence],
    }


def _finite(value: FieldValue) -> FieldValue:
    is_number = isinstance(value, float) and math.isfinite(value)
    return value if is_number or not isinstance(value, float) else str(value)


def _evidence_row(evidence: Evidence) -> Row:
    return {
        "url": evidence.url,
        "document": evidence.document,
        "start": evidence.start,
        "end": evidence.end,
        "quote": evidence.quote,
        "repair": evidence.repair,
    }


def _refusal_row(refusal: Refusal) -> Row:
    return {
        "entity": refusal.entity,
        "category": refusal.category,
        "field": refusal.field,
        "proposed": refusal.proposed,
        "reason": refusal.reason,
        "document": refusal.document,
        "url": refusal.url,
    }
