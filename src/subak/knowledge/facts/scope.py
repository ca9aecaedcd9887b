"""Scope: the sentence around a value, and what stands right before and behind it."""

from __future__ import annotations

import re

from subak.knowledge.text.numbers import Number
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span, part_around

_STOP = re.compile(r"[.!?](?=\s+[^\W\d_a-zà-ÿ])|\|")
_JOINTS = re.compile(r"(?:[\s,;/&+]|\b(?:and|or|e|ed|o|dan|atau|und|oder)\b)*")


def sentence_of(text: str, position: int) -> Span:
    """Return the sentence of a unit that holds a position; in rows the cell."""
    return part_around(_STOP, text, position)


def alike(unit: ReadUnit, place: Span) -> list[Number]:
    """Return the unit's numbers of the same sort as the one at a place."""
    own = [each for each in unit.numbers if each.start == place.start]
    is_percent = bool(own) and own[0].percent
    years = {year.start for year in unit.years}
    return [
        each
        for each in unit.numbers
        if each.percent == is_percent and each.start not in years
    ]


def before(unit: ReadUnit, place: Span) -> str:
    """Return the text of the sentence between the last like number and a place."""
    start = sentence_of(unit.text, place.start).start
    ends = [each.end for each in alike(unit, place) if each.end <= place.start]
    return unit.text[max([start, *ends]) : place.start]


def behind(unit: ReadUnit, place: Span) -> str:
    """Return the text of the sentence between a place and the next like number."""
    end = sentence_of(unit.text, place.start).end
    starts = [each.start for each in alike(unit, place) if each.start >= place.end]
    return unit.text[place.end : max(min([end, *starts]), place.end)]


def own_part(unit: ReadUnit, place: Span) -> Span:
    """Return the part of the sentence that no other like number parts from a place.

    Numbers that stand in a row share theirs: "7 %, 8 % and 9 % were dropped".
    """
    sentence = sentence_of(unit.text, place.start)
    near = [
        each
        for each in alike(unit, place)
        if sentence.start <= each.start < sentence.end
    ]
    left, right, last = sentence.start, sentence.end, place
    for each in near:
        if each.end <= place.start:
            left = each.end
        elif each.start >= last.end and right == sentence.end:
            if _JOINTS.fullmatch(unit.text, last.end, each.start):
                last = Span(each.start, each.end)
            else:
                right = each.start
    return Span(left, right)
