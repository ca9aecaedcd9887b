"""Mention: how a unit speaks of a field, if it does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from subak.knowledge.facts.schema import Field
from subak.knowledge.text.labels import (
    iter_labels,
    label_words,
    own_labels,
    starts_with,
)
from subak.knowledge.text.reading import ReadUnit, nearest_heading
from subak.knowledge.text.units import Heading
from subak.knowledge.text.words import (
    Span,
    Word,
    content_words,
    find_spans,
    fold,
    part_around,
    read_words,
    stem,
    stems,
)

_NEGATORS_TEXT = (
    "no not without never neither nor non senza nessun nessuna nessuno tidak tanpa "
    "bukan belum"
)
NEGATORS = frozenset(_NEGATORS_TEXT.split())
_NOT_NEGATING_TEXT = (
    "more less later only fewer exceed exceeding earlier than meno oltre solo kurang "
    "lebih hanya"
)
_NOT_NEGATING = frozenset(_NOT_NEGATING_TEXT.split())
_ANSWERED_NO = re.compile(
    r"\s*[:|=–—-]+\s*(?:no|none|not|nil|nessun\w*|non|tidak|bukan|n/a)\b"
    r"|\s+(?:tidak\s+ada|non\s+esist(?:e|ono)|do(?:es)?\s+not\s+exist)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[;!?|]|[,:()](?=\s|$)|(?<=\s)\(|(?<=[^\W\d_][^\W_])\.(?=\s+[A-ZÀ-Þ])|"
    r"(?<=[\d%)])\.(?=\s+[A-ZÀ-Þ])|"
    r"\s(?:and|but|while|whereas|e|ma|mentre|dan|tetapi|sedangkan)\s"
)
_INSTEAD = re.compile(
    r"\b(?:instead\s+of|in\s+(?:place|lieu)\s+of|rather\s+than|anziché|invece\s+d\w+"
    r"|al\s+posto\s+d\w+|alih-alih|sebagai\s+ganti|statt|en\s+lugar\s+de)"
    r"['’\s]+(?:(?:an?|the|un[ao]?|il|la)\s+)?$",
    re.IGNORECASE,
)
# "The standard rate is 23 %, the reduced one 6 %": the head noun stands before.
_SAME_HEAD = re.compile(
    r"\bquell[aeo]\s+(?P<one>\w+)|\b(?:the|an?)\s+(?P<other>[\w-]+)\s+ones?\b",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
# Headings that only count: "Article 31", "Tabel 2".
_NUMBERED = re.compile(
    r"^\W*(?:art(?:icle|icolo|\.)?|section|sezione|pasal|bagian|chapter|cap(?:o|itolo)"
    r"|part|parte|step|table|tabella|tabel|box|note|nota|§)?\W*(?:\d+|[IVX]+|[a-z])?\W*"
    r"(?:(?:tax\s+|the\s+)?rates?|aliquot[ae]|tarif(?:nya)?|general|scope)?\W*$",
    re.IGNORECASE,
)
_CAPTION_LEVEL = 8
# What in a sentence stands for something that the one before it named.
_REFERS = re.compile(
    r"\b(?:rates?|percentage|aliquot[ae]|tarif\w*|persentase\w*)\b"
    r"|^\W*(?:it|this|that|today|now|adesso|oggi|sekarang|kini|itu|ini)\b"
    r"|\b(?:raised|lowered|cut|set|increased|reduced)\s+it\b",
    re.IGNORECASE,
)
_OTHER_SUBJECT = re.compile(
    r"\b(?:excises?|stamp|dut(?:y|ies)|dividends?|interest|royalt\w+|inherit\w+|property"
    r"|wealth|customs|withhold\w*|surcharges?|lev(?:y|ies)|fees?|fines?|penalt\w+"
    r"|dividend[oi]|interessi|accis[ae]|bollo|ritenut[ae]|multa|sanzion[ei]|bea|cukai"
    r"|denda|dividen|bunga|warisan|retribusi)\b",
    re.IGNORECASE,
)
# What everything is: a heading doesn't complete a phrase that begins so.
_WEAK = frozenset(stem(word) for word in ("pay", "pagano", "versano", "membayar"))
_ADJECTIVES = frozenset(
    stem(word)
    for word in ("reduced", "lower", "ridotta", "agevolata", "rendah", "dikurangi")
)
_NEGATION_REACH = 3


class Nearness(IntEnum):
    """Where the field's words stand, best last; a label is nothing but them."""

    FAR_HEADING = 1
    LEAD = 2
    HEADING = 3
    SPREAD = 4
    OWN = 5
    LABEL = 6


@dataclass(frozen=True, slots=True)
class Mention:
    """How a unit speaks of a field.

    Args:
        nearness: Where the words stand.
        spans: The places in the unit itself, none for headings and header rows.
        in_column: True when the header cell of the value's column names it.
        heading: The heading or header that names it, None when the unit does.
    """

    nearness: Nearness
    spans: tuple[Span, ...] = ()
    in_column: bool = False
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A field with its phrases taken apart, made once per schema.

    Args:
        field: The field.
        phrases: The stems of each of its phrases.
        negations: The stems of each of its negations, small words included.
        names: What a label of it consists of.
    """

    field: Field
    phrases: tuple[tuple[str, ...], ...]
    negations: tuple[tuple[str, ...], ...]
    names: frozenset[frozenset[str]]


def topics(fields: Iterable[Field]) -> tuple[Topic, ...]:
    """Prepare the fields for the search."""
    return tuple(
        Topic(
            each,
            tuple(stems(phrase) for phrase in each.phrases),
            tuple(
                tuple(word.stem for word in read_words(phrase))
                for phrase in each.negations
            ),
            frozenset(label_words(phrase) for phrase in each.phrases) - {frozenset()},
        )
        for each in fields
    )


def find_mention(topic: Topic, unit: ReadUnit, place: Span) -> Mention | None:
    """Return how the unit speaks of the topic at a place, None when it doesn't."""
    mention = None
    if any(unit.spoken.issuperset(phrase) for phrase in topic.phrases):
        mention = _mention(topic, unit, place)
    if mention is None:
        return _in_lead(topic, unit, place)
    if not topic.names.isdisjoint(iter_labels(unit, place)):
        return replace(mention, nearness=Nearness.LABEL)
    return mention


def _mention(topic: Topic, unit: ReadUnit, place: Span) -> Mention | None:
    words = unit.words_about(place)
    title = unit.column_title(place)
    in_column = bool(title) and bool(phrase_spans(topic, title))
    spans = _phrase_spans(topic, unit.text, words)
    header = unit.unit.header if in_column else None
    if spans or in_column:
        return Mention(Nearness.OWN, tuple(spans), in_column, None if spans else header)
    if heading := _spread(topic, unit, {word.stem for word in words}, title):
        return Mention(Nearness.SPREAD, heading=heading)
    return _in_headings(topic, unit, place)


def phrase_spans(topic: Topic, text: str) -> list[Span]:
    """Return where a text names the topic."""
    return _phrase_spans(topic, text, content_words(read_words(text)))


def is_negated(topic: Topic, unit: ReadUnit, mention: Mention, place: Span) -> bool:
    """Tell whether the unit says that there is no such thing, or means another one."""
    nearby = _surroundings(unit, mention, place)
    if any(has_negation(topic, text) for text in nearby):
        return True
    starts = [span.start for span in mention.spans]
    if any(negators_before(unit.text, start) for start in starts):
        return True
    if any(_INSTEAD.search(unit.text[:start]) for start in starts):
        return True
    answered = (_ANSWERED_NO.match(unit.text, span.end) for span in mention.spans)
    return any(answered) or bool(negators_before(unit.text, place.start))


def has_negation(topic: Topic, text: str) -> bool:
    """Tell whether a text holds one of the field's negations, word for word."""
    if not topic.negations:
        return False
    spoken = tuple(word.stem for word in read_words(text))
    return any(
        spoken[index : index + len(phrase)] == phrase
        for phrase in topic.negations
        for index in range(len(spoken) - len(phrase) + 1)
    )


def negators_before(text: str, position: int) -> int:
    """Count the negating words just before a position, within its clause."""
    clause = clause_of(text, position)
    before = read_words(text[clause.start : position])[-_NEGATION_REACH:]
    count = 0
    for index, word in enumerate(before):
        after = text[clause.start + word.end : clause.start + word.end + 1]
        following = before[index + 1].text if index + 1 < len(before) else ""
        if (
            fold(word.text) in NEGATORS
            and after.isspace()
            and fold(following) not in _NOT_NEGATING
        ):
            count += 1
    return count


def clause_of(text: str, position: int) -> Span:
    """Return the clause around a position; commas and conjunctions end clauses."""
    return part_around(_CLAUSE, text, position)


def _phrase_spans(topic: Topic, text: str, words: tuple[Word, ...]) -> list[Span]:
    present = {word.stem for word in words}
    named = [each for each in topic.phrases if present.issuperset(each)]
    found = [span for each in named for span in find_spans(text, words, each)]
    whole = [each for each in found if not _DIGIT.search(text, each.start, each.end)]
    if named and (not found or len(whole) < len(found)):
        return [*whole, *_elliptic(text, words, named)] or found
    return found


def _elliptic(
    text: str, words: tuple[Word, ...], phrases: Sequence[tuple[str, ...]]
) -> list[Span]:
    """Return where "the reduced one" completes a phrase begun before it."""
    found: list[Span] = []
    for match in _SAME_HEAD.finditer(text):
        adjective = stem(match["one"] or match["other"])
        earlier = {word.stem for word in words if word.end <= match.start()}
        found += [
            Span(match.start(), match.end())
            for phrase in phrases
            if adjective in phrase and earlier.issuperset(set(phrase) - {adjective})
        ]
    return found


def _spread(topic: Topic, unit: ReadUnit, own: set[str], title: str) -> Heading | None:
    """Return the heading that completes a phrase the unit itself has a part of."""
    own = own | {word.stem for word in read_words(title)}
    for heading, words in reversed(
        list(zip(unit.unit.headings, unit.above, strict=True))
    ):
        above = {word.stem for word in words}
        for phrase in topic.phrases:
            wanted = set(phrase)
            missing = wanted - own
            if wanted - missing <= _WEAK or missing <= _WEAK:
                continue
            if heading.level > 1 and missing and missing != wanted and missing <= above:
                return heading
    return None


def _in_headings(topic: Topic, unit: ReadUnit, place: Span) -> Mention | None:
    is_near = True
    for heading, words in reversed(
        list(zip(unit.unit.headings, unit.above, strict=True))
    ):
        if _phrase_spans(topic, heading.text, words):
            if is_near and heading.level > 1:
                return Mention(Nearness.HEADING, heading=heading)
            if starts_with(unit, place):
                return Mention(Nearness.FAR_HEADING, heading=heading)
            return None
        is_caption = heading.level == _CAPTION_LEVEL
        is_near = is_near and (is_caption or bool(_NUMBERED.match(heading.text)))
    return None


def _in_lead(topic: Topic, unit: ReadUnit, place: Span) -> Mention | None:
    """Return how the sentence before names what "it" or "the rate" stands for."""
    if not (unit.leads and topic.field.is_number):
        return None
    head = unit.text[: place.start]
    lead, words = unit.leads[0]
    if _OTHER_SUBJECT.search(head):
        return None
    if _completes(topic, head, words):
        return Mention(Nearness.LEAD, heading=lead)
    if not _REFERS.search(head):
        return None
    spans = _phrase_spans(topic, lead.text, words)
    if not spans or any(negators_before(lead.text, each.start) for each in spans):
        return None
    return Mention(Nearness.LEAD, heading=lead)


def _completes(topic: Topic, head: str, words: Iterable[Word]) -> bool:
    """Tell whether a sentence has the adjective of a noun in the one before it.

    "The standard rate is 19 %. There is only one reduced, of 7 %."
    """
    own = {word.stem for word in read_words(head)} & _ADJECTIVES
    before = {word.stem for word in words}
    return any(
        len(phrase) == 2 and len(own & set(phrase)) == 1 and set(phrase) - own <= before
        for phrase in topic.phrases
    )


def other_subject(topic: Topic, unit: ReadUnit, mention: Mention, place: Span) -> str:
    """Return what else a value is of where only a heading names the field, or ""."""
    if mention.nearness > Nearness.HEADING or mention.in_column:
        return ""
    label = unit.text[unit.label.start : unit.label.end]
    head = label if unit.unit.kind == "row" else unit.text[: place.start]
    asked = {each for phrase in topic.phrases for each in phrase}
    asked |= set(stems(topic.field.meaning))
    named = (match[0] for match in _OTHER_SUBJECT.finditer(head))
    return next((each for each in named if asked.isdisjoint(stems(each))), "")


def _surroundings(unit: ReadUnit, mention: Mention, place: Span) -> Iterator[str]:
    """Yield what can say that a value is another one: its clause, labels, heading."""
    for position in (place.start, *(span.start for span in mention.spans)):
        clause = clause_of(unit.text, position)
        yield unit.text[clause.start : clause.end]
    yield from own_labels(unit, place)
    if nearest := nearest_heading(unit.unit):
        yield nearest.text
