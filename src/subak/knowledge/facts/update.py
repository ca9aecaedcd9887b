"""Update: what of an earlier record holds for a changed document; pure.

A field is touched when anything that came, changed or went speaks of it. The values of
the others are proved again in the new text; only of touched ones, and of those that
lost their proof, must anybody be asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from subak.knowledge.documents.document import Document
from subak.knowledge.facts.candidates import Search, start_search
from subak.knowledge.facts.fact import Fact, FieldValue, Record
from subak.knowledge.facts.identity import entity_of
from subak.knowledge.facts.mention import Topic, topics
from subak.knowledge.facts.schema import FactSchema
from subak.knowledge.facts.selection import Selection, show_units
from subak.knowledge.text.reading import ReadUnit, read

_Identity = tuple[str, tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Known:
    """An earlier state of a document, and what was found in it."""

    document: Document
    record: Record


@dataclass(frozen=True, slots=True)
class Update:
    """What to do about a changed document.

    Args:
        document: Its present state.
        facts: What was found before, by field.
        touched: Names of the fields that the change may concern.
        selection: The changed passages that speak of them, with the places of their
            earlier values; no fields when nothing is to be shown.
        refused: Of the earlier record.
    """

    document: Document
    facts: Mapping[str, Fact]
    touched: frozenset[str]
    selection: Selection
    refused: Record

    def values(self) -> dict[str, FieldValue]:
        """Return the earlier values to prove again; rules derive theirs anew."""
        return {
            name: fact.value
            for name, fact in self.facts.items()
            if fact.level != "derived"
        }

    def lost(self, record: Record) -> frozenset[str]:
        """Return the fields that the new record leaves open: ask for them anew.

        Those whose value is gone, or another although nothing spoke of it, and those
        that are touched but nothing could be shown of.
        """
        found = {fact.field: fact.value for fact in record.facts}
        shown = {field.name for field in self.selection.schema.fields}
        open_ = {name for name in self.touched - shown if name not in found}
        for name, fact in self.facts.items():
            is_same = name in found and (
                name in self.touched or found[name] == fact.value
            )
            if not is_same:
                open_.add(name)
        return frozenset(open_)

    def complete(self, record: Record) -> Record:
        """Add the earlier refusals that still stand: nothing new speaks of them."""
        told = {fact.field for fact in record.facts}
        told |= {refusal.field for refusal in record.refused}
        still = tuple(
            replace(each, document=self.document.id, url=self.document.url)
            for each in self.refused.refused
            if each.field not in told | self.touched
        )
        return replace(record, refused=(*record.refused, *still))


def compare(
    known: Known, document: Document, schema: FactSchema, budget_chars: int
) -> Update | None:
    """Return what to do about a changed document, None to read it as a new one.

    That is when it is about another country or year than before, which may change the
    sense of what stayed, or when too much of it changed to be shown.
    """
    wanted = topics(schema.fields)
    entity = entity_of(document, schema.entity_kind)
    before = start_search(read(known.document), wanted, known.record.entity)
    after = start_search(read(document), wanted, entity)
    if entity != known.record.entity or before.reading.year != after.reading.year:
        return None
    facts = {fact.field: fact for fact in known.record.facts}
    came = _others(after, before)
    went = _others(before, after)
    shown: dict[str, list[ReadUnit]] = {}
    touched = set()
    for topic in wanted:
        name = topic.field.name
        new = [unit for unit in _units_about(after, topic) if unit.order in came]
        gone = any(unit.order in went for unit in _units_about(before, topic))
        if new or gone:
            touched.add(name)
        if new:
            shown[name] = [*new, *_places(after, facts.get(name))]
    fields = tuple(field for field in schema.fields if field.name in shown)
    text = show_units(document, (unit for units in shown.values() for unit in units))
    if len(text) > budget_chars:
        return None
    asked = Selection(text, replace(schema, fields=fields))
    return Update(document, facts, frozenset(touched), asked, known.record)


def _others(search: Search, other: Search) -> set[int]:
    """Return the units that the other text doesn't have, as often, in that place."""
    there = Counter(map(_identity, other.reading.units))
    found = set()
    for unit in search.reading.units:
        name = _identity(unit)
        if there[name]:
            there[name] -= 1
        else:
            found.add(unit.order)
    return found


def _identity(unit: ReadUnit) -> _Identity:
    """Return what a unit says and where it stands: under which headings, in a table."""
    headings = tuple(_folded(heading.text) for heading in unit.unit.headings)
    header = unit.unit.header
    return _folded(unit.text), headings, _folded(header.text) if header else ""


def _units_about(search: Search, topic: Topic) -> Iterator[ReadUnit]:
    yield from (unit for unit, _ in search.units_about(topic))
    if topic.field.is_number:
        yield from (candidate.unit for candidate in search.numbers(topic))


def _places(search: Search, fact: Fact | None) -> Iterable[ReadUnit]:
    """Return the units in which the quotes of an earlier fact stand now."""
    if fact is None:
        return
    quotes = [evidence.quote for evidence in fact.evidence]
    for unit in search.reading.units:
        if any(quote in unit.text or unit.text in quote for quote in quotes):
            yield unit


def _folded(text: str) -> str:
    return " ".join(text.split())
