"""Outlook: values a text only plans, has left behind, or gives as a limit."""

from __future__ import annotations

import re

from subak.knowledge.mention import Topic, clause_of
from subak.knowledge.reading import ReadUnit
from subak.knowledge.words import Span, fold

_PLANNED = re.compile(
    r"\b(?:propos(?:ed|es|als?)|plans?\s+to|planned|intends?\s+to|would|might"
    r"|considering|under\s+discussion|draft\s+(?:law|bill|budget)"
    r"|will\s+(?:rise|increase|go\s+up|fall|drop|decrease"
    r"|be\s+(?:raised|increased|lowered|reduced|cut))"
    r"|propost[ao]|prevede\s+di|intende|sarebbe|potrebbe|salirà|aumenterà|scenderà"
    r"|sarà\s+(?:aumentat|ridott|portat)[ao]"
    r"|diusulkan|mengusulkan|usulan|berencana|direncanakan|rencana"
    r"|akan\s+(?:naik|turun|menjadi|dinaikkan|diturunkan))\b",
    re.IGNORECASE,
)
_CHANGED_FROM = re.compile(
    r"(?:\b(?:rais|increas|cut\b|lower|reduc|went|gone|rose|risen|fell|fallen|chang"
    r"|mov|aument|ridott|portat|passat|innalz|abbass|sces|salit|naik|turun|dinaik"
    r"|diturun|berubah)\w*)[^.;]{0,60}?\b(?:from|dal(?:l['’])?|da|dari)\s*$",
    re.IGNORECASE,
)
_CHANGED_TO = re.compile(
    r"[^.;\d]{0,24}?\b(?:to|al|all['’]|a|menjadi|ke)\s*\d", re.IGNORECASE
)
_LIMIT = re.compile(
    r"\b(?:up\s+to|as\s+much\s+as|at\s+most|(?:a\s+)?maximum\s+(?:rate\s+)?of"
    r"|at\s+least|as\s+low\s+as|fino\s+a(?:l|d)?|al\s+massimo|almeno|hingga|sampai"
    r"|maksimal|paling\s+(?:tinggi|banyak)|minimal)\s*$",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\b(?:top|max\w*|highest|upper|ceiling|cap|marginal|min\w*|lowest|least|massim\w+"
    r"|tertinggi|terendah|maks\w*)\b",
    re.IGNORECASE,
)


def object_to_outlook(topic: Topic, unit: ReadUnit, place: Span) -> str:
    """Return why a value isn't a present and plain one, "" when it is."""
    clause = clause_of(unit.text, place.start)
    if _PLANNED.search(unit.text, clause.start, max(clause.end, place.end)):
        return "the text only plans it"
    if was_changed(unit, place):
        return "the text says that it changed to another value"
    is_percent = topic.field.kind == "percent"
    is_limit = is_percent and _LIMIT.search(unit.text[: place.start])
    if is_limit and not _LIMITS.search(fold(" ".join(topic.field.phrases))):
        return "the text gives it as a limit only"
    return ""


def was_changed(unit: ReadUnit, place: Span) -> bool:
    """Tell whether the value at a place is the old one of "raised from ... to ..."."""
    before, after = unit.text[: place.start], unit.text[place.end :]
    return bool(_CHANGED_FROM.search(before) and _CHANGED_TO.match(after))


def follows_change(unit: ReadUnit, place: Span) -> bool:
    """Tell whether the value at a place is the new one of "raised from ... to ..."."""
    before = [each for each in unit.numbers if each.end <= place.start]
    return bool(before) and was_changed(unit, Span(before[-1].start, before[-1].end))
