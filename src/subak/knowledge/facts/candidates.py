"""Candidates: the numbers and dates of a document that stand in a field's role."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from subak.knowledge.facts.brackets import Bracket, find_brackets
from subak.knowledge.facts.bystander import find_bystander
from subak.knowledge.facts.contrast import (
    asks_for_side,
    find_contrast,
    sides_named,
)
from subak.knowledge.facts.denial import Phrase, find_denied, names_any
from subak.knowledge.facts.extreme import asks_for_highest
from subak.knowledge.facts.frame import object_to_frame
from subak.knowledge.facts.identity import find_country
from subak.knowledge.facts.measure import fits, wrong_unit
from subak.knowledge.facts.mention import (
    Mention,
    Nearness,
    Topic,
    find_mention,
    is_negated,
    other_subject,
)
from subak.knowledge.facts.outlook import follows_change, object_to_outlook
from subak.knowledge.facts.parts import Parts, find_parts
from subak.knowledge.facts.place import other_column, other_place
from subak.knowledge.facts.rate_base import object_to_base
from subak.knowledge.facts.remainder import is_for_group, is_remainder
from subak.knowledge.facts.role import (
    find_other_levy,
    find_rival,
    follows_another,
    holds_for_both,
    is_past,
    names_other_country,
    year_of,
)
from subak.knowledge.facts.section import object_to_section
from subak.knowledge.facts.several import (
    find_several,
    is_among_others,
    is_note,
    is_one_of_counted,
)
from subak.knowledge.facts.succession import is_superseded
from subak.knowledge.facts.validity import read_validity
from subak.knowledge.facts.whole import object_to_share
from subak.knowledge.text.labels import label_words
from subak.knowledge.text.numbers import Number
from subak.knowledge.text.reading import Reading, ReadUnit
from subak.knowledge.text.words import Span

# Two values by amount may be a rule and its exception, three are a scale.
_LEAST_STEPS = 3
_IS_PART = "it is one of several parts that the text doesn't add up"
# Who is spoken to is an employee.
_OWN_PAY = re.compile(r"\byour\s+(?:gross\s+)?(?:pay|wages?|salary)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place of a unit that may state a field's value.

    Args:
        unit: The unit.
        place: Where the value stands in the unit's text.
        mention: How the unit speaks of the field.
        number: The number there, None for other kinds.
        year: The year it is stated for, None when none is.
        objection: Why it can't be the value, "" when it can.
    """

    unit: ReadUnit
    place: Span
    mention: Mention
    number: Number | None = None
    year: int | None = None
    objection: str = ""

    @property
    def rank(self) -> tuple[int, int, int]:
        """Sort key, best first: nearest words, newest year, first place."""
        return (-self.mention.nearness, -(self.year or 0), self.unit.order)


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for evidence: a read document and the schema's topics.

    Args:
        reading: The document.
        topics: All fields of the schema; the others are a field's rivals.
        country: The country the document is about, "" for none.
        denied: By field, its phrases of which the document says there is no such thing.
        several: Fields of which the document says that they have no single value.
        stepped: Unit and offset of the values of lists of ranges.
        own_units: The units that speak of no other country than the document.
    """

    reading: Reading
    topics: tuple[Topic, ...]
    country: str
    denied: Mapping[str, frozenset[Phrase]]
    several: frozenset[str] = frozenset()
    stepped: frozenset[tuple[int, int]] = frozenset()
    own_units: tuple[ReadUnit, ...] = ()
    _numbers: dict[str, list[Candidate]] = field(default_factory=dict, compare=False)
    _parts: dict[str, list[Parts]] = field(default_factory=dict, compare=False)
    _brackets: dict[str, list[tuple[Bracket, ...]]] = field(
        default_factory=dict, compare=False
    )

    def units_about(self, topic: Topic) -> Iterator[tuple[ReadUnit, Mention]]:
        """Yield the units that speak of the topic anywhere, in order."""
        for unit in self.reading.units:
            mention = find_mention(topic, unit, Span(0, len(unit.text)))
            if mention and not self.is_foreign(unit):
                yield unit, mention

    def is_foreign(self, unit: ReadUnit) -> bool:
        """Tell whether the unit is about another country than the document."""
        return names_other_country(unit, self.country)

    def numbers(self, topic: Topic) -> list[Candidate]:
        """Return every number that stands with the topic, best first."""
        known = self._numbers.get(topic.field.name)
        if known is None:
            known = self._numbers[topic.field.name] = self._find_numbers(topic)
        return known

    def brackets(self, unit_of_rate: str) -> list[tuple[Bracket, ...]]:
        """Return the document's lists of brackets with values of a unit."""
        known = self._brackets.get(unit_of_rate)
        if known is None:
            known = find_brackets(self.reading, unit_of_rate)
            self._brackets[unit_of_rate] = known
        return known

    def parts(self, topic: Topic) -> list[Parts]:
        """Return the lists of parts that one side's whole is told in."""
        known = self._parts.get(topic.field.name)
        if known is None:
            known = self._parts[topic.field.name] = find_parts(self.reading, topic)
        return known

    def _find_numbers(self, topic: Topic) -> list[Candidate]:
        found = [
            self._judge(topic, unit, mention, number)
            for unit in self.reading.units
            for number in unit.numbers
            if fits(topic.field, number, unit)
            and (mention := find_mention(topic, unit, _place(number)))
        ]
        parts = {
            (each.unit.order, each.number.start)
            for listed in self.parts(topic)
            for each in listed.each
        }
        found = list(_without_parts(found, parts))
        return sorted(found, key=lambda each: each.rank)

    def object_to(
        self,
        topic: Topic,
        unit: ReadUnit,
        mention: Mention,
        place: Span,
        *,
        is_part: bool = False,
    ) -> str:
        """Return why what stands at the place isn't the field's value, "" if it may.

        Args:
            is_part: It is to be one of several that are added up.
        """
        title = topic.field.title or topic.field.name
        if self.is_foreign(unit) or other_column(unit, place, self.country):
            return "it stands for another country"
        if is_negated(topic, unit, mention, place) or self._is_void(topic, unit):
            return f"the text says there is no '{title}' there, or means another one"
        if is_past(unit, place, self.reading.year):
            return "the text calls it a former value"
        is_list = topic.field.kind == "ranges"
        is_whole = is_list or is_remainder(unit, place)
        if not is_whole and follows_another(mention, unit, place):
            return "it only qualifies the value before it"
        if topic.field.kind != "date" and (reason := self._time(unit, place)):
            return reason
        if rival := self._rival(topic, unit, mention, place):
            return f"it stands with '{rival.field.title or rival.field.name}'"
        if topic.field.is_number or is_list:
            standing = self._standing(topic, unit, mention, place)
            if not (standing or is_list) and is_for_group(unit, place):
                return "it holds for a group only, another value for all others"
            return standing or (
                "" if is_part else self._share(topic, unit, mention, place)
            )
        return ""

    def _rival(
        self, topic: Topic, unit: ReadUnit, mention: Mention, place: Span
    ) -> Topic | None:
        """Return the other field the value belongs to, None when it is free."""
        rivals = [each for each in self.topics if self._competes(each, topic)]
        rival = find_rival(topic, mention, unit, place, rivals)
        rival = rival or find_bystander(topic, mention, unit, rivals)
        if rival:
            return None if holds_for_both(unit, place) else rival
        if mention.nearness != Nearness.LEAD:
            return None
        # "It" stands for neither where the sentence before names two.
        return next(
            (
                each
                for each in rivals
                if find_mention(each, unit, place)
                and set(each.phrases).isdisjoint(topic.phrases)
            ),
            None,
        )

    def _standing(
        self, topic: Topic, unit: ReadUnit, mention: Mention, place: Span
    ) -> str:
        """Return whose else the number is, or why it is no plain present value."""
        if topic.field.name in self.several:
            return "the text says that no single value can be given"
        if asks_for_side(topic) and not self._names_side(unit, place):
            return "the text doesn't say who bears it"
        words = find_contrast(topic, unit, place)
        if words and not holds_for_both(unit, place):
            return f"the text gives it for '{' '.join(words.split())}'"
        if other := other_place(self.reading, unit, place, self.country):
            return f"it stands for {other}"
        if subject := other_subject(topic, unit, mention, place):
            return f"the text speaks of '{subject}'"
        if topic.field.is_number and (reason := object_to_base(topic, unit, place)):
            return reason
        if is_superseded(self.reading, unit, place):
            return "the next sentence says that it changed to another value"
        return object_to_outlook(topic, unit, place) or object_to_frame(unit, place)

    def _share(
        self, topic: Topic, unit: ReadUnit, mention: Mention, place: Span
    ) -> str:
        """Return of what else a number is, or why it is but a part."""
        if levy := find_other_levy(topic, unit, mention, place):
            return f"the text calls it '{levy}'"
        if not topic.field.is_number:
            return ""
        return object_to_share(self.reading, topic, unit, mention, place)

    def _names_side(self, unit: ReadUnit, place: Span) -> bool:
        """Tell whether anything around a value says which party it is of."""
        if _OWN_PAY.search(unit.text):
            return True
        titles = [unit.column_title(place), *(each.text for each, _ in unit.leads)]
        titles += [each.text for each in unit.unit.headings]
        return any(sides_named(text) for text in (unit.text, *titles))

    def _time(self, unit: ReadUnit, place: Span) -> str:
        """Return why a value doesn't hold at the document's own time."""
        year, valid = year_of(unit, place), read_validity(unit, place)
        if year and self.reading.year and year > self.reading.year:
            return f"it is stated for {year}, which is still to come"
        if valid.is_future(self.reading.day):
            return f"it holds from {valid.valid_from}, which is still to come"
        if valid.is_over(self.reading.day):
            return f"it held until {valid.valid_to}"
        return object_to_section(unit, place)

    def _judge(
        self, topic: Topic, unit: ReadUnit, mention: Mention, number: Number
    ) -> Candidate:
        place = _place(number)
        objection = self.object_to(topic, unit, mention, place)
        if number.in_range and not follows_change(unit, place):
            objection = objection or "it is one end of a range"
        objection = objection or wrong_unit(topic.field, number)
        if self._is_step(topic, unit, number):
            objection = objection or "it holds for one range of amounts only"
        if is_note(unit, place):
            objection = objection or "it stands among the remarks"
        if not asks_for_highest(topic) and (
            is_among_others(unit, place)
            or (number.percent and is_one_of_counted(topic, mention, unit, place))
        ):
            objection = objection or "it is one of several"
        year = year_of(unit, place)
        return Candidate(unit, place, mention, number, year, objection)

    def _is_step(self, topic: Topic, unit: ReadUnit, number: Number) -> bool:
        """Tell whether a number is one step of a scale, and isn't named as the value.

        A row labelled with nothing but the field's words names it: "Corporate tax rate"
        below "Corporate tax, profit up to ...".
        """
        is_step = (unit.order, number.start) in self.stepped
        if not is_step or not number.percent or asks_for_highest(topic):
            return False
        label = label_words(unit.text[unit.label.start : unit.label.end])
        return unit.unit.kind != "row" or label not in topic.names

    def _competes(self, other: Topic, topic: Topic) -> bool:
        same_sort = other.field.kind == topic.field.kind
        return other is not topic and same_sort

    def _is_void(self, topic: Topic, unit: ReadUnit) -> bool:
        """What the document denies has a value only where that very thing is named."""
        denied = self.denied[topic.field.name]
        return bool(denied) and not names_any(unit, denied)


def _without_parts(
    found: Sequence[Candidate], parts: Set[tuple[int, int]]
) -> Iterator[Candidate]:
    """Yield candidates with an objection to parts, and to what is less than one."""
    at = [(each.unit.order, each.place.start) in parts for each in found]
    largest = max(
        (
            each.number.values[0]
            for each, is_part in zip(found, at, strict=True)
            if is_part and each.number and not each.objection
        ),
        default=0.0,
    )
    for each, is_part in zip(found, at, strict=True):
        is_less = each.number is not None and each.number.values[0] < largest
        reason = _IS_PART if is_part or is_less else ""
        yield replace(each, objection=each.objection or reason)


def start_search(reading: Reading, topics: Sequence[Topic], entity: str) -> Search:
    """Make a document ready to be searched for evidence."""
    country = find_country(entity, whole=False)
    own = tuple(each for each in reading.units if _is_own(reading, each, country))
    denied = {each.field.name: find_denied(each, own) for each in topics}
    lists = find_brackets(reading, "%")
    stepped = frozenset(
        (bracket.unit.order, bracket.rate.start)
        for brackets in lists
        if _is_scale(brackets)
        for bracket in brackets
    )
    return Search(
        reading,
        tuple(topics),
        country,
        denied,
        find_several(topics, own),
        stepped,
        own,
        _brackets={"%": lists},
    )


def _is_own(reading: Reading, unit: ReadUnit, country: str) -> bool:
    if names_other_country(unit, country):
        return False
    end = 0 if unit.unit.kind == "row" else len(unit.text)
    return not other_place(reading, unit, Span(end, end), country)


def _is_scale(brackets: Sequence[Bracket]) -> bool:
    """Sentences that follow each other are one scale only if one of them is."""
    if brackets[0].unit.unit.kind != "sentence":
        return len(brackets) >= _LEAST_STEPS
    return max(Counter(each.unit.order for each in brackets).values()) >= _LEAST_STEPS


def is_year(candidate: Candidate) -> bool:
    """Tell whether the number is a year rather than an amount."""
    return any(year.start == candidate.place.start for year in candidate.unit.years)


def _place(number: Number) -> Span:
    return Span(number.start, number.end)
