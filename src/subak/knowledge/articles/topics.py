"""Topics: the sections of an article that is made of what documents say themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from subak.knowledge.articles.article import Section, Sentence
from subak.knowledge.articles.audience import audience
from subak.knowledge.articles.outline import PARTS, Length, Part
from subak.knowledge.articles.phrase_book import PhraseBook
from subak.knowledge.articles.proposition import Proposition
from subak.knowledge.articles.written import Written

_SUMMARY: Mapping[Length, int] = {"short": 2, "normal": 3, "long": 5}
_PER_TOPIC: Mapping[Length, int] = {"short": 3, "normal": 12, "long": 60}
_TOLD_APART = 3
_LEAD_CHARS = 160


@dataclass(frozen=True, slots=True)
class Topics:
    """The plan of an article about what documents say.

    Args:
        language: BCP 47 primary tag of headings.
        length: How much is told.
        parts: What the article may have.
        stakeholders: Topics by who is concerned with them.
    """

    language: str = "en"
    length: Length = "normal"
    parts: tuple[Part, ...] = PARTS
    stakeholders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def headline(self, written: Sequence[Written]) -> Sentence | None:
        """Return the lead: a short sentence of the newest document; None for none."""
        lead = self._lead(written)
        if lead is None:
            return None
        return replace(lead.sentence, text=lead.sentence.text.removesuffix("."))

    def sections(self, written: Sequence[Written]) -> tuple[Section, ...]:
        """Return a summary and one section a topic, the topics with the newest first.

        The summary repeats a third of the sentences at most, and never the lead.

        Args:
            written: Newest document first.
        """
        topics: dict[str, list[Written]] = {}
        for one in written:
            topics.setdefault(one.proposition.field, []).append(one)
        told = [
            Section(
                self._heading(topic),
                tuple(one.sentence for one in same[: _PER_TOPIC[self.length]]),
            )
            for topic, same in topics.items()
        ]
        phrases = self._book.phrases
        summary = Section(phrases.summary, self._summary(written))
        people = audience(written, self._book, self.stakeholders)
        concerned = Section(phrases.stakeholders, people, "list")
        made = (
            *([summary] if "summary" in self.parts else []),
            *told,
            *([concerned] if "stakeholders" in self.parts else []),
        )
        return tuple(section for section in made if section.sentences)

    @property
    def _book(self) -> PhraseBook:
        return PhraseBook(self.language)

    def _lead(self, written: Sequence[Written]) -> Written | None:
        """Choose a sentence of the newest day, one that a model worded if there is."""
        newest = [
            one
            for one in written
            if one.proposition.date == written[0].proposition.date
        ]
        return min(
            newest,
            key=lambda one: (
                len(one.sentence.text) > _LEAD_CHARS,
                not one.sentence.is_worded,
            ),
            default=None,
        )

    def _summary(self, written: Sequence[Written]) -> tuple[Sentence, ...]:
        """Choose the newest of other topics, then of other subjects."""
        lead = self._lead(written)
        left = [one for one in written if one is not lead]
        chosen = [] if lead is None else [lead]
        most = min(_SUMMARY[self.length], len(written) // _TOLD_APART)
        while left and len(chosen) <= most:
            best = min(left, key=lambda one: _told_of(one.proposition, chosen))
            chosen.append(best)
            left.remove(best)
        return tuple(one.sentence for one in chosen[1:])

    def _heading(self, topic: str) -> str:
        phrases = self._book.phrases
        if not topic:
            return phrases.findings
        return phrases.analysis.format(topic=self._book.title(topic))


def _told_of(one: Proposition, chosen: Sequence[Written]) -> tuple[int, int]:
    """Return how often its topic and its subject were told of already."""
    facts = [each.proposition for each in chosen]
    return (
        sum(fact.field == one.field for fact in facts),
        sum(fact.entity == one.entity for fact in facts),
    )
