"""The rule reader: a field's value where the text labels it with the field's words.

It reads without a model and only what leaves no choice: one label, one value.
"""

from __future__ import annotations

from subak.knowledge.facts.candidates import (
    Candidate,
    Search,
    is_year,
)
from subak.knowledge.facts.evidence import number_value, prove_sum
from subak.knowledge.facts.highest import with_highest
from subak.knowledge.facts.implied import implied_answer
from subak.knowledge.facts.measure import fits
from subak.knowledge.facts.mention import Nearness, Topic
from subak.knowledge.facts.money_name import read_money
from subak.knowledge.facts.outdated import is_outdated
from subak.knowledge.facts.proof import Proof
from subak.knowledge.facts.range_proof import read_ranges_by_rule
from subak.knowledge.facts.weight import find_plainest
from subak.knowledge.facts.wording import find_answer
from subak.knowledge.text.words import Span


def read_by_rule(search: Search, topic: Topic) -> Proof | None:
    """Return the only value the document labels with the field's words, or None."""
    if topic.field.is_number:
        return _read_number(search, topic)
    if topic.field.kind == "ranges":
        return read_ranges_by_rule(search, topic)
    if topic.field.kind == "boolean":
        return _read_answer(search, topic)
    return None


def fill_gap(search: Search, topic: Topic) -> Proof | None:
    """Return a value nobody proposed and no label names, stated beyond doubt."""
    if topic.field.kind == "text":
        named = read_money(search, topic)
        return Proof(_said(named), named) if named else None
    if topic.field.kind != "percent":
        return None
    found = with_highest(search, topic, search.numbers(topic))
    usable = [each for each in found if not each.objection]
    best = find_plainest(topic, usable)
    if best is None and not usable:
        return prove_sum(search, topic)
    if best is None or best.number is None or best.number.is_ambiguous:
        return None
    if is_outdated(best, usable):
        return None
    return Proof(number_value(best.number.values[0]), best)


def _said(candidate: Candidate) -> str:
    place = candidate.place
    return " ".join(candidate.unit.text[place.start : place.end].split())


def _read_number(search: Search, topic: Topic) -> Proof | None:
    labelled = [
        each
        for each in with_highest(search, topic, search.numbers(topic))
        if not each.objection
        and not is_year(each)
        and each.mention.nearness == Nearness.LABEL
        and _is_alone(topic, each)
    ]
    newest = max((each.year or 0 for each in labelled), default=0)
    latest = [each for each in labelled if (each.year or 0) == newest]
    if len(latest) != 1 or latest[0].number is None or latest[0].number.is_ambiguous:
        return None
    return Proof(number_value(latest[0].number.values[0]), latest[0])


def _read_answer(search: Search, topic: Topic) -> Proof | None:
    answers = [
        (answer, each)
        for answer, each in find_answer(search, topic)
        if each.mention.nearness == Nearness.LABEL
    ]
    if not answers:
        return implied_answer(search, topic)
    return Proof(*answers[0]) if len(answers) == 1 else None


def _is_alone(topic: Topic, candidate: Candidate) -> bool:
    """What follows a semicolon qualifies the value before it."""
    unit, place = candidate.unit, candidate.place
    column, years = unit.cell_of(place), {year.start for year in unit.years}
    if ";" in unit.text[: place.start]:
        return False
    others = [
        number
        for number in unit.numbers
        if fits(topic.field, number, unit)
        and unit.cell_of(Span(number.start, number.end)) == column
        and number.start not in years
        and ";" not in unit.text[place.end : number.start]
    ]
    return len(others) == 1
