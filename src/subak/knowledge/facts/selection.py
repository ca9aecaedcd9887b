"""Selection: what a model gets to see, no more of document and schema than needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest

from subak.knowledge.documents.document import Document
from subak.knowledge.facts.candidates import Search, start_search
from subak.knowledge.facts.highest import with_highest
from subak.knowledge.facts.identity import entity_of
from subak.knowledge.facts.mention import Nearness, Topic, topics
from subak.knowledge.facts.money_name import units_naming_money
from subak.knowledge.facts.outdated import is_outdated
from subak.knowledge.facts.range_lists import find_lists
from subak.knowledge.facts.rules import read_by_rule
from subak.knowledge.facts.schema import FactSchema
from subak.knowledge.text.dates import read_years
from subak.knowledge.text.reading import ReadUnit, read
from subak.knowledge.text.units import Heading

# Of a field named in many places the nearest ones are shown.
_PARTS_A_FIELD = 4
_PARTS_A_SECOND_TIME = 2
_MOST_NOTES = 2
# What is shown together or not at all: a unit, or a list of ranges.
_Part = tuple[ReadUnit, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """What to ask of a document.

    Args:
        text: The text to show.
        schema: The fields something in the text could prove, maybe none.
    """

    text: str
    schema: FactSchema


def choose(
    document: Document,
    schema: FactSchema,
    budget_chars: int,
    *,
    besides: str | None = None,
) -> Selection:
    """Choose the fields to ask for and the text to show.

    A field that no unit speaks of could never be proved, so it isn't asked for; nor is
    a yes or no that follows from other values, which code finds better. A short
    document is shown whole. Of a long one the units that speak of the fields are kept,
    field by field and nearest first until the budget is used, with their headings and
    in the document's order; of a series of years only the newest, of a list all.

    Args:
        besides: Text that was shown already: choose among the rest, for a second
            question.
    """
    entity = entity_of(document, schema.entity_kind)
    search = start_search(read(document), topics(schema.fields), entity)
    found = {
        topic.field.name: [] if _is_implied(search, topic) else _ranked(search, topic)
        for topic in search.topics
    }
    if besides is not None:
        found = {name: _unseen(parts, besides) for name, parts in found.items()}
    fields = tuple(each for each in schema.fields if found[each.name])
    asked = replace(schema, fields=fields)
    if besides is None and len(document.text) <= budget_chars:
        return Selection(document.text, asked)
    ranked = [found[each.name][:_PARTS_A_FIELD] for each in fields]
    kept = _within(ranked, budget_chars)
    return Selection(show_units(document, kept), asked)


def show_units(document: Document, kept: Iterable[ReadUnit]) -> str:
    """Return the text of units with their headings and header rows, in order."""
    return "\n".join(document.text[start:end] for start, end in _spans(kept))


def select(document: Document, schema: FactSchema, budget_chars: int) -> str:
    """Return the text to show a model: all of a short one, else what matters."""
    return choose(document, schema, budget_chars).text


def _is_implied(search: Search, topic: Topic) -> bool:
    """Tell whether code answers a yes or no by itself, from a stated rate or such."""
    if topic.field.kind != "boolean":
        return False
    answer = read_by_rule(search, topic)
    return answer is not None and answer.is_derived


def _ranked(search: Search, topic: Topic) -> list[_Part]:
    """Return what could prove the field, best first."""
    leads: dict[int, Heading] = {}
    if topic.field.kind == "ranges":
        return _ranked_lists(search, topic)
    if topic.field.is_number:
        judged = with_highest(search, topic, search.numbers(topic))
        numbers = [each for each in judged if not each.objection]
        units = [each.unit for each in numbers if not is_outdated(each, numbers)]
        leads = {
            each.unit.order: each.mention.heading
            for each in numbers
            if each.mention.nearness == Nearness.LEAD and each.mention.heading
        }
    else:
        about = sorted(search.units_about(topic), key=lambda found: -found[1].nearness)
        units = [unit for unit, _ in about]
        if not units and topic.field.kind == "text":
            units = list(islice(units_naming_money(search, topic), 1))
    return [
        (*_lead_of(search, leads.get(unit.order)), *_with_notes(search, unit))
        for unit in dict.fromkeys(units)
    ]


def _lead_of(search: Search, lead: Heading | None) -> _Part:
    """Return the sentence that says what a value is of, where its own doesn't."""
    if lead is None:
        return ()
    found = (each for each in search.reading.units if each.unit.start == lead.start)
    return tuple(islice(found, 1))


def _with_notes(search: Search, unit: ReadUnit) -> _Part:
    """Add to a row with a column a year what its section says of years.

    Such as which column is in force.
    """
    header = unit.unit.header
    if header is None or len(read_years(header.text)) < 2:
        return (unit,)
    notes = (
        each
        for each in search.reading.units
        if each.years
        and each.unit.kind != "row"
        and each.unit.headings == unit.unit.headings
    )
    return (unit, *islice(notes, _MOST_NOTES))


def _ranked_lists(search: Search, topic: Topic) -> list[_Part]:
    """Return the lists of ranges, best first: nothing else could prove one."""
    lists = [each for each in find_lists(search, topic) if not each.objection]
    return [tuple(bracket.unit for bracket in each.brackets) for each in lists]


def _unseen(parts: Sequence[_Part], shown: str) -> list[_Part]:
    new = [part for part in parts if any(each.text not in shown for each in part)]
    return new[:_PARTS_A_SECOND_TIME]


def _within(ranked: Sequence[Sequence[_Part]], budget_chars: int) -> list[ReadUnit]:
    """Keep the best part of every field, then the second best of every field ..."""
    kept: list[ReadUnit] = []
    for part in (each for turn in zip_longest(*ranked) for each in turn if each):
        wider = list(dict.fromkeys([*kept, *part]))
        if _size(wider) <= budget_chars:
            kept = wider
    return kept


def _size(kept: Iterable[ReadUnit]) -> int:
    return sum(end - start + 1 for start, end in _spans(kept))


def _spans(kept: Iterable[ReadUnit]) -> list[tuple[int, int]]:
    """Return where the units, their headings and header rows stand, in order."""
    spans: set[tuple[int, int]] = set()
    for each in kept:
        spans.add((each.unit.start, each.unit.end))
        spans.update((heading.start, heading.end) for heading in each.unit.headings)
        if header := each.unit.header:
            spans.add((header.start, header.end))
    return sorted(spans)
