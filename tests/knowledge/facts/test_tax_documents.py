"""Whole pages: all they say is proved, none of their traps, long or short."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import FieldValue, Record
from subak.knowledge.facts.prove import prove
from subak.knowledge.facts.ranges import Range
from subak.knowledge.facts.selection import choose
from tests.knowledge.facts.tax_documents import LABELLED, SCHEMA, Labelled

_CHARS = 6_000
# At four letters a token well above 4,000 tokens.
_LONG = 180


def _values(record: Record) -> dict[str, FieldValue]:
    return {fact.field: fact.value for fact in record.facts}


def _prove_gold(labelled: Labelled, document: Document) -> dict[str, FieldValue]:
    return _values(prove(labelled.gold, SCHEMA, document))


@pytest.mark.parametrize("labelled", LABELLED, ids=lambda each: each.name)
@pytest.mark.parametrize("padding", [0, _LONG])
def test_what_a_page_says_is_proved(labelled: Labelled, padding: int) -> None:
    """Every value in every language, with exact quotes."""
    document = labelled.document(padding=padding)
    record = prove(labelled.gold, SCHEMA, document)
    assert _values(record) == labelled.gold
    assert record.refused == ()
    for fact in record.facts:
        for each in fact.evidence:
            assert document.text[each.start : each.end] == each.quote


@pytest.mark.parametrize("labelled", LABELLED, ids=lambda each: each.name)
def test_a_long_page_shows_what_proves_its_values(labelled: Labelled) -> None:
    """Of more than 4,000 tokens the shown part still proves all that the whole does."""
    document = labelled.document(padding=_LONG)
    assert len(document.text) > 4 * 4_000
    selection = choose(document, SCHEMA, _CHARS)
    assert len(selection.text) <= _CHARS
    assert [field.name for field in selection.schema.fields] == list(labelled.gold)
    shown = replace(document, text=selection.text)
    assert _prove_gold(labelled, shown) == labelled.gold


@pytest.mark.parametrize(
    ("labelled", "field", "value"),
    [(each, field, value) for each in LABELLED for field, value in each.traps],
    ids=lambda each: each.name if isinstance(each, Labelled) else str(each),
)
def test_what_a_page_says_of_something_else_is_refused(
    labelled: Labelled, field: str, value: float
) -> None:
    """Old, planned, foreign, reduced and other parties' rates."""
    record = prove({field: value}, SCHEMA, labelled.document())
    assert [each.field for each in record.refused] == [field]
    assert _values(record).get(field) != value


@pytest.mark.parametrize("labelled", LABELLED, ids=lambda each: each.name)
def test_schema_question_stays_short(labelled: Labelled) -> None:
    """What a model answers for all fields of a page keeps within 310 tokens."""
    answer = {
        name: [
            {"from": each.lower, "to": each.upper, "value": each.value}
            for each in value
        ]
        if isinstance(value, tuple)
        else value
        for name, value in labelled.gold.items()
    }
    assert all(
        isinstance(each, Range)
        for value in labelled.gold.values()
        if isinstance(value, tuple)
        for each in value
    )
    assert len(json.dumps(answer)) < 310 * 2
