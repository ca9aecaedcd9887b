"""Denials: "There is no value added tax" holds for the whole document."""

from __future__ import annotations

import re
from collections.abc import Iterable

from subak.knowledge.facts.contrast import sides_asked, sides_named
from subak.knowledge.facts.mention import Topic, clause_of
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span, find_spans

Phrase = tuple[str, ...]

_DENIES = re.compile(
    r"(?:\bthere(?:\s+is|\s+are|\s+was|['’]s)\s+(?:currently\s+)?no(?!\s+(?:general|other|further|additional)\b)"
    r"|\b(?:has|have|levies|levy|imposes?|charges?|collects?)\s+no(?!\s+(?:general|other|further|additional)\b)"
    r"|\bdo(?:es)?\s+not\s+(?:have|levy|impose|charge|apply|collect)"
    r"|\bnon\s+(?:c['’]è|esiste|prevede|applica)"
    r"|\btidak\s+(?:ada|memiliki|mengenakan|memungut|terdapat))"
    r"\s+(?:\S+\s+){0,5}$",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"\s*:\s*(?:none|no|nessun\w*|tidak ada)\b"
    r"|\s+(?:yang\s+\w+\s+)?(?:tidak\s+ada|non\s+esist(?:e|ono)|non\s+c['’]è"
    r"|do(?:es)?\s+not\s+exist|do(?:es)?n['’]t\s+exist|(?:is|are)\s+not\s+levied)\b",
    re.IGNORECASE,
)


def find_denied(topic: Topic, units: Iterable[ReadUnit]) -> frozenset[Phrase]:
    """Return the field's phrases of which a unit says that there is no such thing."""
    return frozenset(
        phrase
        for unit in units
        for phrase in topic.phrases
        if unit.spoken.issuperset(phrase) and _denies(topic, unit, phrase)
    )


def names_any(unit: ReadUnit, phrases: Iterable[Phrase]) -> bool:
    """Tell whether the unit itself has one of the phrases."""
    return any(find_spans(unit.text, unit.words, phrase) for phrase in phrases)


def find_denial(topic: Topic, unit: ReadUnit) -> Span | None:
    """Return where a unit says that there is no such thing, None when it doesn't."""
    for phrase in topic.phrases:
        if unit.spoken.issuperset(phrase) and (span := _denial(topic, unit, phrase)):
            return span
    return None


def _denies(topic: Topic, unit: ReadUnit, phrase: Phrase) -> bool:
    return _denial(topic, unit, phrase) is not None


def _denial(topic: Topic, unit: ReadUnit, phrase: Phrase) -> Span | None:
    for span in find_spans(unit.text, unit.words, phrase):
        clause = clause_of(unit.text, span.start)
        before = unit.text[clause.start : span.start]
        if _is_of_others(topic, unit.text[clause.start : clause.end]):
            continue
        if _DENIES.search(before) or _ANSWERED.match(unit.text, span.end):
            return span
    return None


def _is_of_others(topic: Topic, clause: str) -> bool:
    """Tell whether a denial names another party than the field's."""
    asked, named = sides_asked(topic), sides_named(clause)
    return bool(asked and named) and asked.isdisjoint(named)
