"""Outline: which sentences an article has, in which sections, decided by code.

Everything here is deterministic; no sentence is without a citation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from subak.knowledge.articles.article import Citation, Section, Sentence
from subak.knowledge.articles.phrases import Phrases, phrases_of
from subak.knowledge.articles.proposition import Proposition, readable, shown
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
# News first; what is not confirmed has a section of its own.
_STATUSES = {"new": 0, "changed": 1, "conflict": 2, "same": 3, "quoted": 3}
_KEPT = "kept"
_SUMMARY_SENTENCES: Mapping[Length, int] = {"short": 2, "normal": 3, "long": 5}
_FINDINGS: Mapping[Length, int] = {"short": 4, "normal": 12, "long": 40}
_SHORT_TOPIC = 2
_LISTED_NAMES = 3


@dataclass(frozen=True, slots=True)
class Written:
    """A proposition and the sentence that is published for it."""

    proposition: Proposition
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Outline:
    """The plan of an article.

    Args:
        fields: Titles by field name, in reading order.
        language: BCP 47 primary tag of headings and of sentences made here.
        parts: What the article has, in order.
        max_actions: Action items at most.
        length: How much of what is known is told.
        stakeholders: Names of fields by who is concerned with them; empty: what is
            new or disputed, by entity.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    parts: tuple[Part, ...] = PARTS
    max_actions: int = 10
    length: Length = "normal"
    stakeholders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def sections(
        self, written: Sequence[Written], records: Iterable[Record]
    ) -> tuple[Section, ...]:
        """Return the sections of an article; those without sentences are left out.

        Args:
            written: By entity, then field order, as ``propose`` returns them.
            records: Where they come from; their refusals become action items.
        """
        current = [one for one in written if one.proposition.status != _KEPT]
        makers: Mapping[Part, Callable[[], list[Section]]] = {
            "summary": lambda: [Section(self._phrases.summary, self._summary(current))],
            "findings": lambda: [
                Section(self._phrases.findings, self._findings(current), "list")
            ],
            "analysis": lambda: [*self._analysis(current), self._kept(written)],
            "actions": lambda: [
                Section(self._phrases.actions, self._actions(current, records), "list")
            ],
            "stakeholders": lambda: [
                Section(self._phrases.stakeholders, self._concerned(current), "list")
            ],
        }
        made = [section for part in self.parts for section in makers[part]()]
        return tuple(section for section in made if section.sentences)

    def headline(self, written: Sequence[Written]) -> Sentence | None:
        """Return the sentence that is news most, without its period; None for none."""
        current = [one for one in written if one.proposition.status != _KEPT]
        chosen = self._summary(current)
        if not chosen:
            return None
        return replace(chosen[0], text=chosen[0].text.removesuffix("."))

    @property
    def _phrases(self) -> Phrases:
        return phrases_of(self.language)

    def _title(self, name: str) -> str:
        return self.fields.get(name, "") or readable(name)

    def _place(self, name: str) -> int:
        return (
            list(self.fields).index(name) if name in self.fields else len(self.fields)
        )

    def _summary(self, written: Sequence[Written]) -> tuple[Sentence, ...]:
        """Choose what is news, then the best proved: other fields, other entities."""
        left = [one for one in written if not one.proposition.is_disputed]
        chosen: list[Written] = []
        while left and len(chosen) < _SUMMARY_SENTENCES[self.length]:
            best = min(left, key=lambda one: self._rank(one, chosen))
            chosen.append(best)
            left.remove(best)
        return tuple(one.sentence for one in chosen)

    def _rank(
        self, one: Written, chosen: Sequence[Written]
    ) -> tuple[int, float, int, int, int, bool, int, str, str]:
        proposition = one.proposition
        return (
            _news(proposition),
            -proposition.change,
            sum(other.proposition.field == proposition.field for other in chosen),
            sum(other.proposition.entity == proposition.entity for other in chosen),
            _LEVELS.get(proposition.level, len(_LEVELS)),
            one.sentence.verdict == "literal",
            self._place(proposition.field),
            proposition.entity,
            proposition.text,
        )

    def _findings(self, written: Sequence[Written]) -> tuple[Sentence, ...]:
        changed = [one for one in written if one.proposition.status == "changed"]
        changed.sort(key=lambda one: -one.proposition.change)
        told = [one.sentence for one in changed]
        told += self._compared(written)
        return tuple(told[: _FINDINGS[self.length]])

    def _compared(self, written: Sequence[Written]) -> list[Sentence]:
        by_field: dict[str, list[tuple[float, Proposition]]] = {}
        for one in written:
            fact = one.proposition
            number = _number(fact)
            if number is not None and not fact.is_disputed:
                by_field.setdefault(fact.field, []).append((number, fact))
        names = sorted(by_field, key=lambda name: (self._place(name), name))
        found = (self._extremes(name, by_field[name]) for name in names)
        return [sentence for sentence in found if sentence is not None]

    def _extremes(
        self, name: str, numbered: Sequence[tuple[float, Proposition]]
    ) -> Sentence | None:
        """Say where a field is highest and lowest; None if that can't be compared."""
        by_entity = {fact.entity: number for number, fact in numbered}
        units = {fact.unit for _, fact in numbered}
        if len(by_entity) < 2 or len(by_entity) != len(numbered) or len(units) != 1:
            return None
        top, bottom = max(by_entity.values()), min(by_entity.values())
        high = [fact for number, fact in numbered if number == top]
        low = [fact for number, fact in numbered if number == bottom]
        if top == bottom:
            text = self._phrases.alike.format(
                title=self._title(name),
                names=self._names(high),
                value=self._shown(high[0]),
            )
            return _literal(text, high, field_name=name)
        text = self._phrases.extremes.format(
            title=self._title(name),
            high=self._names(high),
            high_value=self._shown(high[0]),
            low=self._names(low),
            low_value=self._shown(low[0]),
        )
        return _literal(text, [*high, *low], field_name=name)

    def _shown(self, fact: Proposition) -> str:
        return shown(fact.value, fact.unit, self.language)

    def _names(self, facts: Sequence[Proposition]) -> str:
        names = [fact.entity for fact in facts]
        if len(names) > _LISTED_NAMES:
            names = [*names[:_LISTED_NAMES], self._phrases.others]
        if len(names) == 1:
            return names[0]
        return self._phrases.joined.format(first=", ".join(names[:-1]), last=names[-1])

    def _analysis(self, written: Sequence[Written]) -> list[Section]:
        """Group by entity or by field, whichever gives fewer, longer sections."""
        entities = list(dict.fromkeys(one.proposition.entity for one in written))
        fields = sorted(
            {one.proposition.field for one in written},
            key=lambda name: (self._place(name), name),
        )
        if len(entities) <= len(fields):
            groups = [
                (entity, [one for one in written if one.proposition.entity == entity])
                for entity in entities
            ]
        else:
            groups = [
                (
                    self._title(name),
                    [one for one in written if one.proposition.field == name],
                )
                for name in fields
            ]
        groups.sort(key=lambda group: min(_news(one.proposition) for one in group[1]))
        return [self._topic(topic, same) for topic, same in groups]

    def _topic(self, topic: str, written: Sequence[Written]) -> Section:
        heading = self._phrases.analysis.format(topic=topic)
        ordered = sorted(written, key=lambda one: _news(one.proposition))
        if self.length == "short":
            ordered = ordered[:_SHORT_TOPIC]
        told = (sentence for one in ordered for sentence in self._told(one))
        return Section(heading, tuple(told))

    def _told(self, one: Written) -> Iterator[Sentence]:
        """Yield a sentence and, where other sources differ, one that says so."""
        yield one.sentence
        if one.proposition.rivals:
            fact = one.proposition
            yield replace(
                self._action(
                    self._phrases.conflict,
                    fact.entity,
                    fact.field,
                    [fact, *fact.rivals],
                ),
                status="conflict",
            )

    def _kept(self, written: Sequence[Written]) -> Section:
        kept = (one.sentence for one in written if one.proposition.status == _KEPT)
        return Section(self._phrases.kept_heading, tuple(kept), "list")

    def _concerned(self, written: Sequence[Written]) -> tuple[Sentence, ...]:
        """Say whom the facts concern: as the recipe parts them, else by entity."""
        if self.stakeholders:
            return tuple(
                self._concerns(
                    who,
                    [one for one in written if one.proposition.field in names],
                    lambda fact: fact.entity,
                )
                for who, names in self.stakeholders.items()
                if any(one.proposition.field in names for one in written)
            )
        by_entity: dict[str, list[Written]] = {}
        for one in written:
            if one.proposition.entity and _news(one.proposition) < _STATUSES["same"]:
                by_entity.setdefault(one.proposition.entity, []).append(one)
        return tuple(
            self._concerns(entity, same, lambda fact: self._title(fact.field))
            for entity, same in by_entity.items()
        )

    def _concerns(
        self, who: str, written: Sequence[Written], name: Callable[[Proposition], str]
    ) -> Sentence:
        facts = [one.proposition for one in written]
        names = list(dict.fromkeys(name(fact) for fact in facts))
        text = self._phrases.concerned.format(entity=who, titles=", ".join(names))
        return _literal(text, facts)

    def _actions(
        self, written: Sequence[Written], records: Iterable[Record]
    ) -> tuple[Sentence, ...]:
        facts: dict[tuple[str, str], list[Proposition]] = {}
        for one in written:
            fact = one.proposition
            same = facts.setdefault((fact.entity, fact.field), [])
            same += [fact, *fact.rivals]
        found = [
            self._action(
                self._phrases.differ if len(same) > 1 else self._phrases.unsure,
                entity,
                name,
                same,
            )
            for (entity, name), same in facts.items()
            if same[0].is_disputed
        ]
        seen = {(one.entity, one.field) for one in found}
        for entity, name, document in _refused(records):
            if (entity, name) in seen:
                continue
            same = facts.get((entity, name), [])
            if any(cited.document == document for p in same for cited in p.citations):
                continue  # the document itself gave the value that was missed
            seen.add((entity, name))
            if same:
                found.append(self._action(self._phrases.unproved, entity, name, same))
            elif other := _stated_in(document, entity, written):
                found.append(self._action(self._phrases.missing, entity, name, [other]))
        return tuple(found[: self.max_actions])

    def _action(
        self, template: str, entity: str, name: str, facts: Sequence[Proposition]
    ) -> Sentence:
        stated = "; ".join(f"“{fact.text.rstrip('.')}”" for fact in facts[:3])
        text = template.format(
            title=self._title(name), entity=entity, statements=stated
        )
        return _literal(text, facts[:3], entity=entity, field_name=name)


def _news(fact: Proposition) -> int:
    if fact.status == "same" and fact.is_disputed:
        return _STATUSES["conflict"]
    return _STATUSES.get(fact.status, _STATUSES["same"])


def _number(fact: Proposition) -> float | None:
    if isinstance(fact.value, bool | str | tuple):
        return None
    return float(fact.value)


def _literal(
    text: str,
    facts: Sequence[Proposition],
    *,
    entity: str = "",
    field_name: str = "",
) -> Sentence:
    citations: tuple[Citation, ...] = tuple(
        dict.fromkeys(citation for fact in facts for citation in fact.citations)
    )
    return Sentence(text, "literal", citations, entity, field_name, text)


def _refused(records: Iterable[Record]) -> list[tuple[str, str, str]]:
    """Return entity, field and document of every refusal, in a stable order."""
    found = [
        (record.entity, refusal.field, record.document)
        for record in sorted(records, key=lambda one: (one.entity, one.url))
        for refusal in record.refused
    ]
    return list(dict.fromkeys(found))


def _stated_in(
    document: str, entity: str, written: Sequence[Written]
) -> Proposition | None:
    """Find a fact of the entity that this document proves."""
    for one in written:
        fact = one.proposition
        if fact.entity == entity and any(
            citation.document == document for citation in fact.citations
        ):
            return fact
    return None
