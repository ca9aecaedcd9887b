"""Weight: which of several values a text states for a field is the one it means.

A value named by the field's own words outweighs one that only stands below a heading;
the general rule outweighs what qualifies it, adds to it or holds for some only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from subak.knowledge.facts.candidates import Candidate, is_year
from subak.knowledge.facts.extreme import asks_for_highest, says_highest
from subak.knowledge.facts.frame import is_of_now
from subak.knowledge.facts.mention import Nearness, Topic
from subak.knowledge.facts.scope import before, behind, sentence_of
from subak.knowledge.facts.whole import is_total
from subak.knowledge.text.words import Span, Word, content_words, read_words

_NEAR = {
    Nearness.LABEL: 60,
    Nearness.OWN: 40,
    Nearness.SPREAD: 25,
    Nearness.HEADING: 15,
    Nearness.LEAD: 12,
    Nearness.FAR_HEADING: 10,
}
_TIGHT, _FILLED = 4, 3
_LOOSE, _GENERAL, _NOW, _TOP, _LATER, _SOME = 8, 6, 6, 10, 8, 12
# Enough for a value that nobody proposed: named by own words, others well behind.
_PLAIN, _MARGIN = 40, 12
_RULE = re.compile(
    r"\b(?:general|standard|main|normal|basic|ordinar\w+|general[ei]|principal[ei]"
    r"|umum|standar|allgemein\w*|general|normale?)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:also|in\s+addition|additionally|as\s+well|further|another|plus|inoltre"
    r"|anche|altresì|in\s+più|si\s+aggiunge|juga|selain\s+itu|ditambah|auch|zudem"
    r"|también|además|aussi|en\s+outre|half)\b",
    re.IGNORECASE,
)
_SOME_ONLY = re.compile(
    r"\b(?:alone|solely|so-called|special|certain|some|particular|foreign\w*|newcomers?"
    r"|newly|new\s+\w+s\b|relief|held\s+for|if\s+they|banks?|regime"
    r"|sol[oaie]|alcun[ei]|stranier[oaie]|special[ei]|cosiddett[oaie]|giovani"
    r"|hanya|saja|tertentu|khusus|asing|beberapa|untuk\s+umur|"
    r"nur|einige|sólo|algun[oa]s|certain[es]*)\b"
    r"|\b(?:from|aged?|over|above|below|under)\s+\d+\s+(?:years?|anni|tahun)",
    re.IGNORECASE,
)


_ROUGH = re.compile(
    r"\b(?:about|around|roughly|approximately|nearly|almost|some|circa|quasi|intorno\s+al?"
    r"|sekitar|kira-kira|kurang\s+lebih|hampir|etwa|rund|environ|unos)\s+(?:il\s+|l['’])?$",
    re.IGNORECASE,
)


def weigh(topic: Topic, candidate: Candidate, beside: Sequence[Candidate]) -> int:
    """Return how plainly a place states the field's value.

    Args:
        beside: The usable candidates of its unit.
    """
    unit, place = candidate.unit, candidate.place
    stretch, rest = before(unit, place), behind(unit, place)
    weight = _NEAR[candidate.mention.nearness] - _looseness(topic, candidate)
    label = unit.text[: place.start] if unit.unit.kind == "row" else ""
    said = f"{stretch} {rest.partition(',')[0]} {label}"
    if _RULE.search(said) or is_total(said):
        weight += _GENERAL
    weight += _NOW if is_of_now(unit, place) else 0
    sentence = sentence_of(unit.text, place.start)
    head = unit.text[sentence.start : place.start]
    is_some = _MORE.search(stretch) or _ROUGH.search(stretch)
    if is_some or _SOME_ONLY.search(head):
        weight -= _SOME
    return weight + _order(topic, candidate, beside)


def outweighing(
    topic: Topic, candidate: Candidate, usable: Sequence[Candidate]
) -> Candidate | None:
    """Return the place that states another value more plainly, None for none.

    As plainly is enough in another section: nothing tells which of the two is meant.
    Of several in one section the first is the main one.
    """
    weights = _weights(topic, usable)
    own = max((w for w, each in weights if _says_same(each, candidate)), default=0)
    others = [
        (weight, -index, each)
        for index, (weight, each) in enumerate(weights)
        if not _says_same(each, candidate)
        and (weight > own or (weight == own and _comes_first(each, candidate)))
    ]
    return max(others)[2] if others else None


def find_plainest(topic: Topic, usable: Sequence[Candidate]) -> Candidate | None:
    """Return the place that states the value beyond doubt, None where several may."""
    weights = _weights(topic, usable)
    if not weights:
        return None
    top, best = max(weights, key=lambda each: each[0])
    if top < _PLAIN:
        return None
    others = [w for w, each in weights if not _says_same(each, best)]
    return best if top - max(others, default=0) >= _MARGIN else None


def _weights(topic: Topic, usable: Sequence[Candidate]) -> list[tuple[int, Candidate]]:
    by_unit: dict[int, list[Candidate]] = {}
    for each in usable:
        if not is_year(each) and each.number:
            by_unit.setdefault(each.unit.order, []).append(each)
    return [
        (weigh(topic, each, beside), each)
        for beside in by_unit.values()
        for each in beside
    ]


def _comes_first(one: Candidate, other: Candidate) -> bool:
    is_elsewhere = one.unit.unit.headings != other.unit.unit.headings
    return is_elsewhere or one.unit.order < other.unit.order


def _says_same(one: Candidate, other: Candidate) -> bool:
    if one.number is None or other.number is None:
        return False
    return bool(set(one.number.values) & set(other.number.values))


def _looseness(topic: Topic, candidate: Candidate) -> int:
    """Words of a phrase that stand apart may belong to something else."""
    spans, unit = candidate.mention.spans, candidate.unit
    if candidate.mention.nearness < Nearness.OWN or not spans:
        return 0
    phrases = {frozenset(each) for each in topic.phrases}
    said = [content_words(_words(unit.text, each)) for each in spans]
    if min(map(len, said)) > _TIGHT:
        return _LOOSE
    is_plain = any(frozenset(word.stem for word in words) in phrases for words in said)
    return 0 if is_plain else _FILLED


def _words(text: str, span: Span) -> tuple[Word, ...]:
    return read_words(text[span.start : span.end])


def _order(topic: Topic, candidate: Candidate, beside: Sequence[Candidate]) -> int:
    """Among the values of one place the highest counts where it is asked for.

    Else the first does: those behind it qualify it.
    """
    unit, place = candidate.unit, candidate.place
    beside = [
        each
        for each in beside
        if each.place != place
        and each.mention.nearness >= candidate.mention.nearness
        and unit.cell_of(each.place) == unit.cell_of(place)
    ]
    stretch = before(unit, place)
    if asks_for_highest(topic):
        titled = f"{stretch} {unit.column_title(place)}"
        if says_highest(titled):
            return _TOP
        return (
            -_LATER if any(_value(each) > _value(candidate) for each in beside) else 0
        )
    is_later = any(each.place.start < place.start for each in beside)
    named = any(
        place.start - len(stretch) <= span.start < place.start
        for span in candidate.mention.spans
    )
    return -_LATER if is_later and not named and not is_total(stretch) else 0


def _value(candidate: Candidate) -> float:
    return candidate.number.values[0] if candidate.number else 0.0
