"""Range lists: the lists of brackets that may state a field's ranges.

The second reader of ranges: it resolves a list without a model where the text leaves
no choice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from subak.knowledge.facts.brackets import Bracket
from subak.knowledge.facts.bystander import find_wider
from subak.knowledge.facts.candidates import Candidate, Search
from subak.knowledge.facts.measure import same_currency
from subak.knowledge.facts.mention import (
    Mention,
    Nearness,
    Topic,
    find_mention,
    phrase_spans,
)
from subak.knowledge.facts.range_bounds import Bound
from subak.knowledge.facts.ranges import Range
from subak.knowledge.facts.role import year_of
from subak.knowledge.facts.structure import find_flaw, joins
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.units import Heading
from subak.knowledge.text.words import Span

_TAX_FREE = re.compile(
    r"\b(?:tax[- ]free|allowances?|exempt\w*|not\s+taxed|no\s+(?:income\s+)?tax"
    r"|zero\s+rate|nil|no[- ]tax\s+area|esen(?:te|ti|zione|zioni)|non\s+tassat\w+"
    r"|franchigi\w+|PTKP|bebas\s+pajak|tidak\s+(?:kena|dikenakan|dikenai)\s+pajak)\b",
    re.IGNORECASE,
)


_LABEL_LEVEL = 7


@dataclass(frozen=True, slots=True)
class RangeList:
    """One list of brackets that speaks of a field.

    Args:
        brackets: Its brackets, lowest first.
        mention: How the text names the field there.
        year: The year it is stated for, None when none is.
        objection: Why it can't be the field's, "" when it can.
    """

    brackets: tuple[Bracket, ...]
    mention: Mention
    year: int | None
    objection: str

    @property
    def rank(self) -> tuple[int, int, int]:
        """Sort key, best first: nearest words, newest year, first place."""
        order = self.brackets[0].unit.order
        return (-self.mention.nearness, -(self.year or 0), order)

    def candidate(self, bracket: Bracket) -> Candidate:
        """Return a bracket as a place of evidence."""
        return Candidate(
            bracket.unit, bracket.span, self.mention, bracket.rate, self.year
        )


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a list states, read without a model.

    Args:
        ranges: Its ranges.
        source: The list.
        has_sums: True when a bound was added up from widths.
    """

    ranges: tuple[Range, ...]
    source: RangeList
    has_sums: bool


def find_lists(search: Search, topic: Topic) -> list[RangeList]:
    """Return every list of brackets that speaks of the field, best first."""
    found = [
        list_
        for brackets in search.brackets(topic.field.rate_unit)
        if (list_ := _about(search, topic, _rising(brackets)))
    ]
    return sorted(found, key=lambda each: each.rank)


def resolve(list_: RangeList) -> Resolved | None:
    """Read a list whose every bound says what it is; None if one doesn't."""
    ranges: list[Range] = []
    has_sums = False
    for index, bracket in enumerate(list_.brackets):
        lower, upper, width = _limits(bracket)
        if _is_unclear(bracket):
            return None
        end = (ranges[-1].upper or 0.0) if ranges else 0.0
        begin = end if lower is None or joins(end, lower) else lower
        if width is not None:
            upper = begin + width
            has_sums = has_sums or begin > 0
        if upper is None and index + 1 < len(list_.brackets):
            upper = _limits(list_.brackets[index + 1])[0]
        ranges.append(Range(begin, upper, bracket.values[0]))
    return Resolved(tuple(ranges), list_, has_sums)


def read_ranges(search: Search, topic: Topic) -> Resolved | None:
    """Return the only list of ranges the text leaves no doubt about, or None."""
    lists = [each for each in find_lists(search, topic) if not each.objection]
    read = [
        resolved
        for each in lists
        if (resolved := resolve(each))
        and not find_flaw(
            resolved.ranges, topic.field.structure, starts_of(search, each)
        )
    ]
    newest = max((each.source.year or 0 for each in read), default=0)
    read = [each for each in read if (each.source.year or 0) == newest]
    nearest = [each for each in read if each.source.mention.nearness == _nearest(read)]
    if not nearest or any(
        not same_ranges(each.ranges, nearest[0].ranges) for each in nearest
    ):
        return None
    return nearest[0]


def starts_of(search: Search, list_: RangeList) -> frozenset[float]:
    """Return the amounts at which the first range may begin.

    These are amounts the text calls free, and where the text's own list begins.
    """
    lower, _, _ = _limits(list_.brackets[0])
    own = {lower} if lower is not None else set()
    for bracket in list_.brackets:
        if bracket.values == (0.0,):
            own |= {each.number.values[0] for each in bracket.bounds}
    for unit in search.reading.units:
        if _TAX_FREE.search(unit.text):
            own |= {value for each in unit.numbers for value in each.values}
    return frozenset(own | {value + 1 for value in own})


def same_ranges(one: Sequence[Range], other: Sequence[Range]) -> bool:
    """Tell whether two lists say the same; a first range of nothing may be unsaid."""
    ours, theirs = _taxed(one), _taxed(other)
    return len(ours) == len(theirs) and all(
        left.value == right.value
        and left.upper == right.upper
        and (joins(left.lower, right.lower) or joins(right.lower, left.lower))
        for left, right in zip(ours, theirs, strict=True)
    )


def _taxed(ranges: Sequence[Range]) -> tuple[Range, ...]:
    return tuple(ranges[1:] if ranges and not ranges[0].value else ranges)


def _nearest(read: Sequence[Resolved]) -> Nearness | None:
    return max((each.source.mention.nearness for each in read), default=None)


def _about(
    search: Search, topic: Topic, brackets: tuple[Bracket, ...]
) -> RangeList | None:
    mentions = [find_mention(topic, each.unit, each.place) for each in brackets]
    named = [each for each in mentions if each]
    if not named:
        above = _in_header(topic, brackets[0].unit)
        above = above or _over_label(topic, brackets[0].unit)
        above = above or _introduction(search, topic, brackets)
        named = [above] if above else []
    if not named:
        return None
    best = max(named, key=lambda each: each.nearness)
    heading = next((each.heading for each in named if each.heading), None)
    objections = (
        _object(search, topic, bracket, mention or Mention(Nearness.HEADING))
        for bracket, mention in zip(brackets, mentions, strict=True)
    )
    first = brackets[0]
    objection = next((each for each in objections if each), "")
    if heading and not any(each.spans for each in named):
        objection = objection or _object_to_title(search, topic, heading)
    return RangeList(
        brackets,
        replace(best, spans=(), heading=heading),
        year_of(first.unit, first.place),
        objection,
    )


def _object_to_title(search: Search, topic: Topic, heading: Heading) -> str:
    """Return why a heading names another value: "Corporate income tax"."""
    rivals = [each for each in search.topics if each.field.kind == "percent"]
    rivals = [each for each in rivals if not _is_same_tax(each, topic)]
    rival = find_wider(topic, heading.text, rivals)
    return f"it stands under '{rival.field.title or rival.field.name}'" if rival else ""


def _is_same_tax(one: Topic, other: Topic) -> bool:
    return not set(one.phrases).isdisjoint(other.phrases)


def _in_header(topic: Topic, unit: ReadUnit) -> Mention | None:
    header = unit.unit.header
    if header and phrase_spans(topic, header.text):
        return Mention(Nearness.HEADING, heading=header)
    return None


def _over_label(topic: Topic, unit: ReadUnit) -> Mention | None:
    """Return how the heading over a label line names the field.

    Where a table is set in plain text, the label line is its row of titles.
    """
    if len(unit.unit.headings) < 2:
        return None
    heading, label = unit.unit.headings[-2:]
    if heading.level == 1 or label.level != _LABEL_LEVEL:
        return None
    if phrase_spans(topic, heading.text):
        return Mention(Nearness.HEADING, heading=heading)
    return None


def _introduction(
    search: Search, topic: Topic, brackets: Sequence[Bracket]
) -> Mention | None:
    """Return how the sentence before a list names the field: "... is progressive."."""
    first = brackets[0].unit
    before = [each for each in search.reading.units if each.order < first.order][-1:]
    for unit in before:
        is_beside = first.order - unit.order <= 3
        if unit.unit.headings != first.unit.headings or not is_beside:
            continue
        if unit.unit.kind == "row" or search.is_foreign(unit):
            continue
        if find_mention(topic, unit, Span(0, len(unit.text))):
            return Mention(Nearness.HEADING, heading=_as_heading(unit))
        for lead, _ in unit.leads:
            if unit.text.endswith(":") and phrase_spans(topic, lead.text):
                return Mention(Nearness.HEADING, heading=lead)
    return None


def _as_heading(unit: ReadUnit) -> Heading:
    return Heading(unit.text, unit.unit.start, unit.unit.end, 7)


def _object(search: Search, topic: Topic, bracket: Bracket, mention: Mention) -> str:
    objection = search.object_to(topic, bracket.unit, mention, bracket.place)
    for bound in bracket.bounds:
        currency = bound.number.currency
        if not objection and not same_currency(topic.field.unit, currency):
            return f"its amounts are in {currency}, not in {topic.field.unit}"
    return objection


def _rising(brackets: tuple[Bracket, ...]) -> tuple[Bracket, ...]:
    """Return the brackets lowest first; some texts begin at the top."""
    first, last = _limits(brackets[0]), _limits(brackets[-1])
    is_falling = first[1] is None and brackets[-1].has_end
    for one, other in zip(first[:2], last[:2], strict=True):
        if one is not None and other is not None:
            is_falling = other < one
    return brackets[::-1] if is_falling else brackets


def _limits(bracket: Bracket) -> tuple[float | None, float | None, float | None]:
    """Return lower bound, upper bound and width, as far as they are said."""
    by_role = {each.role: each for each in bracket.bounds}
    lower, upper = by_role.get("lower"), by_role.get("upper")
    width = by_role.get("next") or by_role.get("first")
    return _value(lower), _value(upper), _value(width)


def _value(bound: Bound | None) -> float | None:
    return bound.number.values[-1] if bound else None


def _is_unclear(bracket: Bracket) -> bool:
    numbers = [bracket.rate, *(each.number for each in bracket.bounds)]
    roles = [each.role for each in bracket.bounds]
    is_bound = all(roles) and len(roles) == len(set(roles))
    is_limited = bool(roles) or bracket.is_open
    return not (is_bound and is_limited) or any(each.is_ambiguous for each in numbers)
