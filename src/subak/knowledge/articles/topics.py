"""Topics: the sections of an article that is made of what documents say themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from subak.knowledge.articles.article import Section, Sentence
from subak.knowledge.articles.outline import Length, Written
from subak.knowledge.articles.phrases import phrases_of
from subak.knowledge.articles.proposition import readable

_SUMMARY: Mapping[Length, int] = {"short": 2, "normal": 3, "long": 5}
_PER_TOPIC: Mapping[Length, int] = {"short": 3, "normal": 12, "long": 60}


def sections_by_topic(
    written: Sequence[Written], language: str, length: Length = "normal"
) -> tuple[Section, ...]:
    """Return a summary and one section a topic, the topics with the newest first.

    Args:
        written: Newest document first.
        language: BCP 47 primary tag of headings.
    """
    topics: dict[str, list[Sentence]] = {}
    for one in written:
        topics.setdefault(one.proposition.field, []).append(one.sentence)
    if not topics:
        return ()
    phrases = phrases_of(language)
    told = [
        Section(_heading(topic, language), tuple(same[: _PER_TOPIC[length]]))
        for topic, same in topics.items()
    ]
    if len(written) <= _SUMMARY[length]:
        return tuple(told)
    firsts = [same[0] for same in topics.values()]
    others = [one.sentence for one in written if one.sentence not in firsts]
    summary = [*firsts, *others][: _SUMMARY[length]]
    return (Section(phrases.summary, tuple(summary)), *told)


def _heading(topic: str, language: str) -> str:
    phrases = phrases_of(language)
    return phrases.analysis.format(topic=readable(topic)) if topic else phrases.findings
