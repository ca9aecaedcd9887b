"""Implied: what a yes-or-no field may conclude from what the text states or denies.

"Is it levied?" is answered by a stated rate, and by "there is no such tax".
"""

from __future__ import annotations

import re

from subak.knowledge.facts.candidates import Candidate, Search
from subak.knowledge.facts.denial import find_denial
from subak.knowledge.facts.highest import with_highest
from subak.knowledge.facts.mention import Topic, find_mention
from subak.knowledge.facts.proof import Proof
from subak.knowledge.facts.range_lists import read_ranges
from subak.knowledge.text.words import Span

_EXISTENCE = re.compile(
    r"\b(?:has|have|is|are|exists?|levie[sd]|levy|charge[sd]?|imposed?s?|taxe[sd]"
    r"|there\s+is|esiste|prelevat\w+|applicat\w+|ada|dikenakan|dipungut|existe|gibt)\b",
    re.IGNORECASE,
)


def implied_answer(search: Search, topic: Topic) -> Proof | None:
    """Return the yes or no that follows from the text, None when neither does.

    A denial wins over nothing only: a text that denies it and states a rate leaves the
    question open.
    """
    field = topic.field
    asked = f"{field.name.replace('_', ' ')} ; {field.title} ; {field.meaning}"
    if not _EXISTENCE.search(asked):
        return None
    denied, stated = _denied(search, topic), _stated(search, topic)
    if denied and stated:
        return None
    if denied:
        return Proof(False, denied, is_derived=True)
    return Proof(True, stated, is_derived=True) if stated else None


def _denied(search: Search, topic: Topic) -> Candidate | None:
    for unit in search.own_units:
        span = find_denial(topic, unit)
        whole = Span(0, len(unit.text))
        if span and (mention := find_mention(topic, unit, whole)):
            return Candidate(unit, span, mention)
    return None


def _stated(search: Search, topic: Topic) -> Candidate | None:
    """Return a value above zero of a field that is spoken of in the same words."""
    for other in search.topics:
        if other is topic or set(other.phrases).isdisjoint(topic.phrases):
            continue
        if other.field.kind == "percent":
            for each in with_highest(search, other, search.numbers(other)):
                is_above = each.number is not None and each.number.values[0] > 0
                if is_above and not each.objection:
                    return each
        if other.field.kind == "ranges" and (read := read_ranges(search, other)):
            return read.source.candidate(read.source.brackets[-1])
    return None
