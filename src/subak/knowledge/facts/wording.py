"""Values made of words: yes or no, one of a list, a run of the document's own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from subak.knowledge.facts.candidates import Candidate, Search
from subak.knowledge.facts.mention import (
    NEGATORS,
    Mention,
    Nearness,
    Topic,
    clause_of,
    find_mention,
    has_negation,
    negators_before,
    phrase_spans,
)
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span, content_words, fold, read_words

_YES = "yes|sì|si|ya"
_NO = "no|none|never|nessun[oa]?|tidak|bukan"
_ANSWER = re.compile(
    rf"\W*(?:(?P<yes>{_YES})|(?P<no>{_NO}))"
    r"(?=\s*(?:[,;.:()|–—]|$|(?:but|except|unless|if|ma|tetapi|kecuali)\b))",
    re.IGNORECASE,
)
_ALLOWS = re.compile(
    r"(?:allow|permit|recogni[sz]|accept|grant|possib|exist|appl(?:y|ies)|ammess"
    r"|consentit|riconosc|permess|diizinkan|diperbolehkan|diakui|mengakui|mengizinkan"
    r"|boleh|berlaku)",
    re.IGNORECASE,
)
_FORBIDS = re.compile(
    r"(?:prohibit|forbid|forbad|banned|bans|outlaw|vietat|vieta$|proibi|dilarang|melarang)",
    re.IGNORECASE,
)
_CONTRACTED = re.compile(r"(?:n['’]t|\bcannot)\b", re.IGNORECASE)
_CONDITION_TEXT = (
    "if unless only except may might some certain depends depending varies usually "
    "generally se solo salvo eccetto alcuni kecuali hanya jika beberapa"
)
_CONDITION = frozenset(_CONDITION_TEXT.split())
_LABEL = re.compile(r"[^:]{1,80}:(?=\s)")
_LEAST_SHARE = 0.6


def find_answer(search: Search, topic: Topic) -> list[tuple[bool, Candidate]]:
    """Return every explicit yes or no about the topic, clearest first."""
    found: list[tuple[bool, bool, Candidate]] = []
    for unit, place, mention in _places(search, topic):
        labelled = _labelled_answer(unit, place, mention)
        answer = labelled
        if answer is None:
            answer = _stated_answer(topic, unit, place, mention)
        if answer is not None:
            candidate = Candidate(unit, place, mention)
            found.append((labelled is None, answer, candidate))
    found.sort(key=lambda each: (each[0], each[2].rank))
    return [(answer, candidate) for _, answer, candidate in found]


def find_choice(
    search: Search, topic: Topic, proposed: str
) -> tuple[str, Candidate] | str:
    """Return the allowed value and its place; a reason, maybe "", when it has none."""
    values = topic.field.values
    value = next((each for each in values if fold(each) == fold(proposed)), None)
    if value is None:
        return f"'{proposed}' is not one of {', '.join(values)}"
    found: list[Candidate] = []
    objection = ""
    for unit, place, mention in _places(search, topic):
        for span in choices_at(topic, unit, place, mention, value):
            objection = search.object_to(topic, unit, mention, span)
            if not objection:
                found.append(Candidate(unit, span, mention))
                break
    if found:
        return value, min(found, key=lambda each: each.rank)
    return f"'{proposed}' is in the text, but {objection}" if objection else ""


def choices_at(
    topic: Topic, unit: ReadUnit, place: Span, mention: Mention, value: str
) -> Iterator[Span]:
    """Yield where a value of an enum stands by itself, not inside a longer one."""
    longer = [
        span
        for other in topic.field.values
        if len(other) > len(value)
        for span in _occurrences(unit.text, place, other)
    ]
    for span in _occurrences(unit.text, place, value):
        is_part = any(each.holds(span) for each in longer)
        is_name = any(each == span or each.holds(span) for each in mention.spans)
        if not (is_part or is_name or negators_before(unit.text, span.start)):
            yield span


def find_run(search: Search, topic: Topic, proposed: str) -> Candidate | str:
    """Return the longest run of the proposed words; a reason when it is too short."""
    wanted = [fold(word.text) for word in read_words(_without_label(topic, proposed))]
    best: tuple[int, Candidate] | None = None
    objection = ""
    for unit, place, mention in _places(search, topic):
        span, size = _longest_run(unit, place, mention, wanted)
        if span is None or size < _LEAST_SHARE * len(wanted):
            continue
        objection = search.object_to(topic, unit, mention, span)
        candidate = Candidate(unit, span, mention)
        if objection or (best and not _is_better(size, candidate, best)):
            continue
        best = (size, candidate)
    if best:
        return best[1]
    return f"it is in the text, but {objection}" if objection else ""


def _places(search: Search, topic: Topic) -> Iterator[tuple[ReadUnit, Span, Mention]]:
    for unit, whole in search.units_about(topic):
        if unit.unit.kind != "row":
            yield unit, Span(0, len(unit.text)), whole
    for unit in search.reading.units:
        if unit.unit.kind == "row" and not search.is_foreign(unit):
            for cell in unit.cells:
                if mention := find_mention(topic, unit, cell):
                    yield unit, cell, mention


def _labelled_answer(unit: ReadUnit, place: Span, mention: Mention) -> bool | None:
    """Read "dual citizenship: yes, but ...", a cell, or a text below its heading."""
    start = place.start
    if unit.unit.kind != "row" and mention.spans:
        label = _label_about(unit, mention)
        if label is None and mention.nearness != Nearness.LABEL:
            return None
        start = label.end() if label else start
    match = _ANSWER.match(unit.text, start, place.end)
    if match is None:
        return None
    return bool(match["yes"])


def _label_about(unit: ReadUnit, mention: Mention) -> re.Match[str] | None:
    label = _LABEL.match(unit.text)
    is_name = label and mention.spans and mention.spans[0].end <= label.end()
    return label if is_name else None


def _stated_answer(
    topic: Topic, unit: ReadUnit, place: Span, mention: Mention
) -> bool | None:
    """Read a clause that allows or forbids; conditions leave it open."""
    if has_negation(topic, unit.text[place.start : place.end]):
        return False
    if not mention.spans or unit.text.rstrip().endswith("?"):
        return None
    span = mention.spans[0]
    if label := _label_about(unit, mention):
        clause = clause_of(unit.text, label.end())
        return _allows(unit.text[clause.start : clause.end])
    clause = clause_of(unit.text, span.start)
    end = max(clause.end, span.end)
    rest = f"{unit.text[clause.start : span.start]} … {unit.text[span.end : end]}"
    return _allows(rest, negators_before(unit.text, span.start))


def _allows(clause: str, negated: int = 0) -> bool | None:
    words = [fold(word.text) for word in read_words(clause)]
    if not _CONDITION.isdisjoint(words):
        return None
    negations = sum(word in NEGATORS for word in words)
    negations += len(_CONTRACTED.findall(clause))
    forbids = sum(bool(_FORBIDS.match(word)) for word in words)
    allows = any(_ALLOWS.match(word) for word in words)
    if negations + forbids == 1 and (forbids or allows or negated):
        return False
    return True if allows and not (negations or forbids) else None


def _occurrences(text: str, place: Span, value: str) -> list[Span]:
    pattern = r"\s+".join(re.escape(part) for part in value.split())
    matches = re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
    spans = (Span(match.start(), match.end()) for match in matches)
    return [
        span for span in spans if place.start <= span.start and span.end <= place.end
    ]


def _without_label(topic: Topic, proposed: str) -> str:
    label, colon, value = proposed.partition(":")
    return value if colon and value.strip() and phrase_spans(topic, label) else proposed


def _longest_run(
    unit: ReadUnit, place: Span, mention: Mention, wanted: Sequence[str]
) -> tuple[Span | None, int]:
    label = _label_about(unit, mention) if unit.unit.kind != "row" else None
    start = label.end() if label else place.start
    words = [
        word
        for word in read_words(unit.text)
        if start <= word.start and word.end <= place.end
    ]
    stated = [fold(word.text) for word in words]
    match = SequenceMatcher(None, wanted, stated, autojunk=False).find_longest_match()
    run = words[match.b : match.b + match.size]
    if not content_words(run):
        return None, 0
    return _closed(unit.text, Span(run[0].start, run[-1].end)), match.size


def _closed(text: str, span: Span) -> Span:
    """Take in the bracket that the run left open."""
    run = text[span.start : span.end]
    is_open = run.count("(") > run.count(")") and text[span.end : span.end + 1] == ")"
    return Span(span.start, span.end + 1) if is_open else span


def _is_better(size: int, candidate: Candidate, best: tuple[int, Candidate]) -> bool:
    own = (size, candidate.mention.nearness)
    return own > (best[0], best[1].mention.nearness)
