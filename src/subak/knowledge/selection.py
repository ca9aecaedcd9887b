"""Selection: what a model gets to see, no more of document and schema than needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from subak.knowledge.candidates import Search, is_outdated, start_search
from subak.knowledge.document import Document
from subak.knowledge.identity import entity_of
from subak.knowledge.mention import Nearness, Topic, topics
from subak.knowledge.range_lists import find_lists
from subak.knowledge.reading import ReadUnit, read
from subak.knowledge.schema import FactSchema, Field

# Of a field named in many places the nearest ones are shown.
_UNITS_A_FIELD = 4
_UNITS_OF_RANGES = 24
_UNITS_A_SECOND_TIME = 2


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

    A field that no unit speaks of could never be proved, so it isn't asked for. A short
    document is shown whole. Of a long one the units that speak of the fields are kept,
    field by field and nearest first until the budget is used, with their headings and
    in the document's order; of a series of years only the newest.

    Args:
        besides: Text that was shown already: choose among the rest, for a second
            question.
    """
    entity = entity_of(document, schema.entity_kind)
    search = start_search(read(document), topics(schema.fields), entity)
    found = {topic.field.name: _ranked(search, topic) for topic in search.topics}
    if besides is not None:
        found = {name: _unseen(units, besides) for name, units in found.items()}
    fields = tuple(each for each in schema.fields if found[each.name])
    asked = replace(schema, fields=fields)
    if besides is None and len(document.text) <= budget_chars:
        return Selection(document.text, asked)
    kept = _within([_best(each, found[each.name]) for each in fields], budget_chars)
    return Selection(show_units(document, kept), asked)


def show_units(document: Document, kept: Iterable[ReadUnit]) -> str:
    """Return the text of units with their headings and header rows, in order."""
    return "\n".join(document.text[start:end] for start, end in _spans(kept))


def select(document: Document, schema: FactSchema, budget_chars: int) -> str:
    """Return the text to show a model: all of a short one, else what matters."""
    return choose(document, schema, budget_chars).text


def _ranked(search: Search, topic: Topic) -> list[ReadUnit]:
    """Return the units that could prove the field, best first."""
    if topic.field.kind == "ranges":
        return _ranked_lists(search, topic)
    if topic.field.is_number:
        numbers = [each for each in search.numbers(topic) if not each.objection]
        ranked = [
            (each.mention.nearness, each.unit)
            for each in numbers
            if not is_outdated(each, numbers)
        ]
    else:
        about = (
            (mention.nearness, unit) for unit, mention in search.units_about(topic)
        )
        ranked = sorted(about, key=lambda pair: -pair[0])
    labelled = [pair for pair in ranked if pair[0] == Nearness.LABEL]
    units = dict.fromkeys(unit for _, unit in labelled or ranked)
    return list(units)


def _ranked_lists(search: Search, topic: Topic) -> list[ReadUnit]:
    """Return the units of the best lists, each list whole, else what speaks of it."""
    lists = [each for each in find_lists(search, topic) if not each.objection]
    in_lists = [bracket.unit for each in lists for bracket in each.brackets]
    about = [] if lists else [unit for unit, _ in search.units_about(topic)]
    return list(dict.fromkeys([*in_lists, *about]))


def _unseen(units: Sequence[ReadUnit], shown: str) -> list[ReadUnit]:
    return [each for each in units if each.text not in shown][:_UNITS_A_SECOND_TIME]


def _best(wanted: Field, ranked: list[ReadUnit]) -> list[ReadUnit]:
    is_list = wanted.kind == "ranges"
    return ranked[: _UNITS_OF_RANGES if is_list else _UNITS_A_FIELD]


def _within(ranked: Sequence[Sequence[ReadUnit]], budget_chars: int) -> list[ReadUnit]:
    kept: list[ReadUnit] = []
    room = budget_chars
    for unit in _in_turns(ranked):
        size = _size([*kept, unit]) - _size(kept)
        if unit not in kept and size <= room:
            kept.append(unit)
            room -= size
    return kept


def _in_turns(ranked: Sequence[Sequence[ReadUnit]]) -> Iterator[ReadUnit]:
    """Yield the best unit of every field, then the second best of every field ..."""
    for turn in zip_longest(*ranked):
        yield from (unit for unit in turn if unit is not None)


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
