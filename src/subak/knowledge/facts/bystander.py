"""Bystander: another field that is named around a value, whose value it then is."""

from __future__ import annotations

from collections.abc import Sequence

from subak.knowledge.facts.mention import Mention, Nearness, Topic, phrase_spans
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span, stem, stems

# Words of any rate: which tax it is of, another word must say.
_SUBJECTLESS_TEXT = (
    "reduced lower low rate rates top highest higher high marginal standard main "
    "general basic normal tax taxes income percent super above zero several now "
    "force individual individuals person persons personal national aliquota alta "
    "alto più paling maksimum maximum scaglione lapisan aliquote ridotta ridotte "
    "agevolata massima ordinaria normale imposta reddito redditi tarif lebih "
    "rendah ringan tertinggi dikurangi standar umum pajak penghasilan persen"
)
_SUBJECTLESS = frozenset(stem(word) for word in _SUBJECTLESS_TEXT.split())


def find_bystander(
    topic: Topic, mention: Mention, unit: ReadUnit, rivals: Sequence[Topic]
) -> Topic | None:
    """Return the field named among a field's words or above them, None for none."""
    return (
        _parting(topic, mention, unit, rivals)
        or _in_title(topic, mention, rivals)
        or _above(topic, mention, unit, rivals)
    )


def _in_title(topic: Topic, mention: Mention, rivals: Sequence[Topic]) -> Topic | None:
    """Return the field whose longer name the heading has: "Corporate income tax"."""
    if mention.heading is None or mention.spans:
        return None
    return find_wider(topic, mention.heading.text, rivals)


def find_wider(topic: Topic, title: str, rivals: Sequence[Topic]) -> Topic | None:
    """Return the field whose name holds all that a title has of another's."""
    own = phrase_spans(topic, title)
    for rival in rivals if own else ():
        wide = phrase_spans(rival, title)
        if all(any(_goes_beyond(each, span) for each in wide) for span in own):
            return rival
    return None


def _goes_beyond(wide: Span, span: Span) -> bool:
    """Tell whether one name has words of another and more: "income of companies"."""
    is_shared = wide.start < span.end and span.start < wide.end
    return is_shared and not (span.start <= wide.start and wide.end <= span.end)


def _parting(
    topic: Topic, mention: Mention, unit: ReadUnit, rivals: Sequence[Topic]
) -> Topic | None:
    """Return the field named between the words of this one: "a lower employer rate"."""
    own = {stem for phrase in topic.phrases for stem in phrase}
    inside = {
        word.stem
        for span in mention.spans
        for word in unit.words
        if span.start <= word.start and word.end <= span.end
    }
    between = inside - own
    return next(
        (
            each
            for each in rivals
            if any(between.issuperset(phrase) for phrase in each.phrases)
        ),
        None,
    )


def _above(
    topic: Topic, mention: Mention, unit: ReadUnit, rivals: Sequence[Topic]
) -> Topic | None:
    """Return the other field whose heading stands over a rate without a subject.

    "The lower rate" below "Corporate tax" is none of value added tax.
    """
    if mention.nearness < Nearness.OWN or mention.in_column:
        return None
    if not all(is_subjectless(unit, each) for each in mention.spans):
        return None
    kin = [each for each in rivals if is_kin(topic, each)]
    for heading in reversed(unit.unit.headings):
        if any(phrase_spans(each, heading.text) for each in (topic, *kin)):
            return None
        for rival in rivals:
            if phrase_spans(rival, heading.text):
                return rival
    return None


def is_subjectless(unit: ReadUnit, span: Span) -> bool:
    """Tell whether words of a unit could be said of any rate: "the highest rate"."""
    return all(
        word.stem in _SUBJECTLESS
        for word in unit.words
        if span.start <= word.start and word.end <= span.end
    )


def is_kin(one: Topic, other: Topic) -> bool:
    """Tell whether two fields are about one thing: two rates of the same tax."""
    return not _subjects(one).isdisjoint(_subjects(other))


def _subjects(topic: Topic) -> frozenset[str]:
    """Return what a field is about, apart from the words that any rate has."""
    words = {each for phrase in topic.phrases for each in phrase}
    return frozenset(words | set(stems(topic.field.meaning))) - _SUBJECTLESS
