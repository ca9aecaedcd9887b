"""Sums: the total of what one side bears, where a text only gives all its parts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from subak.knowledge.facts.candidates import Candidate, Search
from subak.knowledge.facts.mention import Mention, Nearness, Topic, find_mention
from subak.knowledge.facts.parts import Part, Parts


@dataclass(frozen=True, slots=True)
class Sum:
    """Parts of one whole.

    Args:
        value: What they add up to.
        parts: Where they stand, in the document's order.
    """

    value: float
    parts: tuple[Candidate, ...]

    @property
    def shown(self) -> str:
        """Return how it came about, in words."""
        stated = [each.number.values[0] for each in self.parts if each.number]
        return "sum of " + " + ".join(f"{value:.12g}" for value in stated)


def find_sum(search: Search, topic: Topic) -> Sum | None:
    """Return the one sum the text leaves no doubt about, None where it does.

    Every part must be the field's by itself, every list of parts give the same sum, and
    nothing else in the text be the value.
    """
    listed = search.parts(topic)
    if not listed or topic.field.name in search.several:
        return None
    sums = [_add(search, topic, each) for each in listed]
    first = sums[0]
    if first is None or any(each is None or not _same(each, first) for each in sums):
        return None
    usable = [each for each in search.numbers(topic) if not each.objection]
    if any(each.number and first.value not in each.number.values for each in usable):
        return None
    return first


def _same(one: Sum, other: Sum) -> bool:
    return math.isclose(one.value, other.value, rel_tol=1e-9)


def _add(search: Search, topic: Topic, listed: Parts) -> Sum | None:
    if not listed.is_whole:
        return None
    parts = [_judge(search, topic, each) for each in listed.each]
    if any(each.objection for each in parts):
        return None
    values = (each.number.values[0] for each in listed.each)
    total = sum((Decimal(repr(value)) for value in values), Decimal())
    return Sum(float(total), tuple(parts))


def _judge(search: Search, topic: Topic, part: Part) -> Candidate:
    unit, place, number = part.unit, part.place, part.number
    mention = find_mention(topic, unit, place) or Mention(Nearness.HEADING)
    objection = search.object_to(topic, unit, mention, place, is_part=True)
    if number.is_ambiguous or number.in_range or number.currency:
        objection = objection or "it is one end of a range"
    return Candidate(unit, place, mention, number, objection=objection)
