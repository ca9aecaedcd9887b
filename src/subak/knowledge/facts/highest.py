"""Highest: the top of a list of ranges, for a field that asks for the top.

"Top rate" is answered by the last bracket of the list the schema's ranges field reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from subak.knowledge.facts.candidates import Candidate, Search
from subak.knowledge.facts.extreme import asks_for_highest
from subak.knowledge.facts.mention import Nearness, Topic, phrase_spans
from subak.knowledge.facts.range_lists import RangeList, find_lists
from subak.knowledge.text.reading import nearest_heading
from subak.knowledge.text.words import Span


def with_highest(
    search: Search, topic: Topic, found: Sequence[Candidate]
) -> list[Candidate]:
    """Return a field's candidates with the tops of its lists, the others refused."""
    judged = list(found)
    if topic.field.kind != "percent" or not asks_for_highest(topic):
        return judged
    for list_ in _lists(search, topic):
        top = max(list_.brackets, key=lambda each: each.values[0])
        own = Span(top.rate.start, top.rate.end)
        lower = {
            (each.unit.order, each.rate.start)
            for each in list_.brackets
            if each is not top
        }
        judged = [
            replace(each, objection="a higher one stands in the same list")
            if not each.objection and (each.unit.order, each.place.start) in lower
            else each
            for each in judged
            if each.unit is not top.unit or each.place != own
        ]
        mention = replace(list_.mention, nearness=Nearness.LABEL)
        judged.insert(0, Candidate(top.unit, own, mention, top.rate, list_.year))
    return sorted(judged, key=lambda each: each.rank)


def _lists(search: Search, topic: Topic) -> Iterator[RangeList]:
    """Yield the lists of the ranges fields that are spoken of in the same words."""
    for other in search.topics:
        is_sibling = other.field.kind == "ranges" and other.field.rate_unit == "%"
        if is_sibling and not set(other.phrases).isdisjoint(topic.phrases):
            for list_ in find_lists(search, other):
                is_usable = not list_.objection and not list_.brackets[0].is_flat
                if is_usable and not _is_of_rival(search, topic, other, list_):
                    yield list_


def _is_of_rival(search: Search, topic: Topic, other: Topic, list_: RangeList) -> bool:
    """Tell whether the heading above a list names another percentage."""
    heading = nearest_heading(list_.brackets[0].unit.unit)
    if heading is None or phrase_spans(topic, heading.text):
        return False
    if phrase_spans(other, heading.text):
        return False
    return any(
        each is not topic
        and each.field.kind == "percent"
        and phrase_spans(each, heading.text)
        for each in search.topics
    )
