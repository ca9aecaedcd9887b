"""Outline: which sentences an article has, in which sections, decided by code.

Everything here is deterministic; no sentence is without a citation, and no fact is told
more than twice: once where it belongs, and once in the summary or among the actions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from subak.knowledge.articles.action_list import ActionItem, ActionList, PassageOn
from subak.knowledge.articles.article import Section, Sentence
from subak.knowledge.articles.audience import audience
from subak.knowledge.articles.comparison import compare, spread_of
from subak.knowledge.articles.findings_list import MOST_TOLD, FindingsList
from subak.knowledge.articles.phrase_book import PhraseBook, made_of
from subak.knowledge.articles.proposition import Proposition
from subak.knowledge.articles.written import SAME, Written
from subak.knowledge.facts.fact import Record

Part = Literal["summary", "findings", "analysis", "actions", "stakeholders"]
PARTS: tuple[Part, ...] = (
    "summary",
    "findings",
    "analysis",
    "actions",
    "stakeholders",
)
Length = Literal["short", "normal", "long"]

_LEVELS = {"agreed": 0, "evidence": 1, "derived": 2, "conflict": 3}
_KEPT = "kept"
_SUMMARY_SENTENCES: Mapping[Length, int] = {"short": 2, "normal": 3, "long": 5}
_FINDINGS: Mapping[Length, int] = {"short": 3, "normal": 6, "long": 16}
_SHORT_TOPIC = 2


def _nothing(_document: str, _title: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class _Lead:
    """A headline and the facts it says."""

    sentence: Sentence | None
    facts: tuple[Proposition, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """The plan of an article.

    Args:
        fields: Titles by field name, in reading order.
        language: BCP 47 primary tag of headings and of sentences made here.
        parts: What the article has, in order.
        max_actions: Action items at most.
        length: How much of what is known is told.
        stakeholders: Names of fields by who is concerned with them.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    parts: tuple[Part, ...] = PARTS
    max_actions: int = 5
    length: Length = "normal"
    stakeholders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def book(self) -> PhraseBook:
        """Return how code speaks of these fields."""
        return PhraseBook(self.language, self.fields)

    def compared(self, facts: Iterable[Proposition]) -> tuple[Proposition, ...]:
        """Return what follows from several facts, if the article has findings."""
        return compare(facts, self.book) if "findings" in self.parts else ()

    def sections(
        self,
        written: Sequence[Written],
        records: Iterable[Record],
        compared: Sequence[Written] = (),
        passage_on: PassageOn = _nothing,
    ) -> tuple[Section, ...]:
        """Return the sections of an article; those without sentences are left out.

        Args:
            written: By entity, then field order, as ``propose`` returns them.
            records: Where they come from; their refusals become action items.
            compared: What follows from several of them.
            passage_on: Finds what a document says of a field it proves no value of.
        """
        current = [one for one in written if one.proposition.status != _KEPT]
        lead = self._lead(current, compared)
        summary = self._summary(current, lead) if "summary" in self.parts else []
        actions = self._actions(written, records, passage_on)
        told = Counter(lead.facts)
        told.update(one.proposition for one in summary)
        told.update(fact for item in actions for fact in item.facts)
        findings, claimed = FindingsList(self.book, _FINDINGS[self.length]).choose(
            current if "findings" in self.parts else [], compared, told
        )
        rest = [
            one
            for one in current
            if one.proposition not in claimed and told[one.proposition] < MOST_TOLD
        ]
        phrases = self.book.phrases
        made: Mapping[Part, Callable[[], list[Section]]] = {
            "summary": lambda: [
                Section(phrases.summary, tuple(one.sentence for one in summary))
            ],
            "findings": lambda: [Section(phrases.findings, findings, "list")],
            "analysis": lambda: [
                *self._analysis(rest, current),
                self._kept(written),
            ],
            "actions": lambda: [
                Section(phrases.actions, tuple(one.sentence for one in actions), "list")
            ],
            "stakeholders": lambda: [
                Section(
                    phrases.stakeholders,
                    audience(current, self.book, self.stakeholders),
                    "list",
                )
            ],
        }
        return tuple(
            section
            for part in self.parts
            for section in made[part]()
            if section.sentences
        )

    def headline(
        self, written: Sequence[Written], compared: Sequence[Written] = ()
    ) -> Sentence | None:
        """Return what is news most, without a period; None for nothing."""
        current = [one for one in written if one.proposition.status != _KEPT]
        return self._lead(current, compared).sentence

    def _lead(self, current: Sequence[Written], compared: Sequence[Written]) -> _Lead:
        """Choose the headline; the summary need not say it again."""
        chosen = self._newest(current, 1)
        if not chosen:
            return _Lead(None)
        fact, sentence = chosen[0].proposition, chosen[0].sentence
        phrases = self.book.phrases
        if fact.moved:
            template = phrases.rise if fact.moved > 0 else phrases.fall
            value = self.book.value(fact)
            text = self.book.fill(template, fact.field, fact.entity, value=value)
            told = made_of(text, [fact], entity=fact.entity, note=fact.note)
            return _Lead(told, (fact,))
        is_flat = all(one.news == chosen[0].news for one in current)
        if fact.status != "changed" and (is_flat or chosen[0].news == SAME):
            for one in sorted(compared, key=lambda one: -one.proposition.change):
                if text := spread_of(one.proposition, self.book):
                    return _Lead(
                        made_of(text, [one.proposition]), one.proposition.covers
                    )
        return _Lead(replace(sentence, text=sentence.text.removesuffix(".")), (fact,))

    def _actions(
        self,
        written: Sequence[Written],
        records: Iterable[Record],
        passage_on: PassageOn,
    ) -> tuple[ActionItem, ...]:
        if "actions" not in self.parts:
            return ()
        names = {name for fields in self.stakeholders.values() for name in fields}
        concerned = frozenset(names & set(self.fields))
        maker = ActionList(self.book, concerned, passage_on, self.max_actions)
        return maker.items(written, records)

    def _summary(self, written: Sequence[Written], lead: _Lead) -> list[Written]:
        """Choose what to tell twice: half of it at most, and not the headline."""
        first = [one for one in written if one.proposition in lead.facts]
        left = [one for one in written if one not in first]
        most = min(_SUMMARY_SENTENCES[self.length], len(written) // 2)
        return self._newest(left, most, first)

    def _newest(
        self, written: Sequence[Written], most: int, told: Sequence[Written] = ()
    ) -> list[Written]:
        """Choose what is news, then the best proved: other fields, other entities."""
        left = [one for one in written if not one.proposition.is_disputed]
        chosen: list[Written] = []
        while left and len(chosen) < most:
            best = min(left, key=lambda one: self._rank(one, [*told, *chosen]))
            chosen.append(best)
            left.remove(best)
        return chosen

    def _rank(
        self, one: Written, chosen: Sequence[Written]
    ) -> tuple[int, bool, int, int, float, bool, int, bool, int, str, str]:
        proposition = one.proposition
        return (
            one.news,
            isinstance(proposition.value, str),  # a currency is no news
            sum(other.proposition.field == proposition.field for other in chosen),
            sum(other.proposition.entity == proposition.entity for other in chosen),
            -proposition.change,
            not proposition.note,
            _LEVELS.get(proposition.level, len(_LEVELS)),
            not one.sentence.is_worded,
            self.book.place(proposition.field),
            proposition.entity,
            proposition.text,
        )

    def _analysis(
        self, written: Sequence[Written], current: Sequence[Written]
    ) -> list[Section]:
        """Group by entity or by field, whichever gives fewer, longer sections."""
        entities = list(dict.fromkeys(one.proposition.name for one in current))
        fields = sorted(
            {one.proposition.field for one in current},
            key=lambda name: (self.book.place(name), name),
        )
        if len(entities) <= len(fields):
            groups = [
                (entity, [one for one in written if one.proposition.name == entity])
                for entity in entities
            ]
        else:
            groups = [
                (
                    self.book.title(name),
                    [one for one in written if one.proposition.field == name],
                )
                for name in fields
            ]
        told = [group for group in groups if group[1]]
        told.sort(key=lambda group: min(one.news for one in group[1]))
        return [self._topic(topic, same) for topic, same in told]

    def _topic(self, topic: str, written: Sequence[Written]) -> Section:
        heading = self.book.phrases.analysis.format(topic=topic)
        ordered = sorted(written, key=lambda one: one.news)
        if self.length == "short":
            ordered = ordered[:_SHORT_TOPIC]
        return Section(heading, tuple(one.sentence for one in ordered))

    def _kept(self, written: Sequence[Written]) -> Section:
        kept = (one.sentence for one in written if one.proposition.status == _KEPT)
        return Section(self.book.phrases.kept_heading, tuple(kept), "list")
