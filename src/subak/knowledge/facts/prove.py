"""Prove: turn what a model proposed into facts with evidence, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from subak.knowledge.documents.document import Document
from subak.knowledge.facts.candidates import Search, start_search
from subak.knowledge.facts.evidence import evidence_of, find_proof, show, within_range
from subak.knowledge.facts.fact import Fact, FieldValue, Level, Record, Refusal
from subak.knowledge.facts.identity import entity_of
from subak.knowledge.facts.mention import Topic, topics
from subak.knowledge.facts.proof import Proof
from subak.knowledge.facts.range_lists import same_ranges
from subak.knowledge.facts.ranges import ranges_unit
from subak.knowledge.facts.role import year_of
from subak.knowledge.facts.rules import fill_gap, read_by_rule
from subak.knowledge.facts.schema import FactSchema, Field
from subak.knowledge.facts.statement import state
from subak.knowledge.facts.validity import read_validity
from subak.knowledge.text.reading import read


def prove(
    proposed: Mapping[str, object], schema: FactSchema, document: Document
) -> Record:
    """Find the evidence for proposed values; what has none is refused.

    A value the document labels with exactly the field's words makes an equal proposal
    "agreed", takes the place of one that stands less near or of none as "derived", and
    makes another labelled one a "conflict" that keeps all quotes.
    """
    entity = entity_of(document, schema.entity_kind)
    wanted = topics(schema.fields)
    court = _Court(
        start_search(read(document), wanted, entity),
        document,
        entity,
        schema.category or document.category,
    )
    facts: list[Fact] = []
    refused: list[Refusal] = []
    for topic in wanted:
        value = proposed.get(topic.field.name)
        found = None if value is None else find_proof(court.search, topic, value)
        fact, reason = court.decide(topic, found)
        if reason:
            refused.append(court.refuse(topic, value, reason))
        if fact:
            facts.append(fact)
    return Record(
        document.id,
        document.url,
        entity,
        court.category,
        tuple(facts),
        tuple(refused),
    )


@dataclass(frozen=True, slots=True)
class _Court:
    search: Search
    document: Document
    entity: str
    category: str

    def decide(
        self, topic: Topic, found: Proof | str | None
    ) -> tuple[Fact | None, str]:
        """Weigh the model's proof against the rule reader's; fact, refusal or both."""
        rule = read_by_rule(self.search, topic)
        if rule and isinstance(within_range(topic, rule), str):
            rule = None
        if not isinstance(found, Proof):
            rule = rule or self._gap(topic)
            return self.fact(topic, rule, "derived") if rule else None, found or ""
        if rule is None:
            level: Level = "derived" if found.is_derived else "evidence"
            return self.fact(topic, found, level), ""
        if _is_same(rule.value, found.value):
            agreed: Level = "derived" if found.is_derived else "agreed"
            return self.fact(topic, found, agreed), ""
        if found.candidate.mention.nearness < rule.candidate.mention.nearness:
            reason = f"the text labels {show(rule.value)} as '{topic.field.title}'"
            return self.fact(topic, rule, "derived"), reason
        fact = self.fact(topic, found, "conflict")
        other = evidence_of(self.search, rule)
        return replace(fact, evidence=(*fact.evidence, *other)), ""

    def _gap(self, topic: Topic) -> Proof | None:
        found = fill_gap(self.search, topic)
        return (
            found if found and isinstance(within_range(topic, found), Proof) else None
        )

    def fact(self, topic: Topic, proof: Proof, level: Level) -> Fact:
        """Write a proof down."""
        field, candidate = topic.field, proof.candidate
        unit = _unit_of(field, proof)
        valid = read_validity(candidate.unit, candidate.place)
        return Fact(
            self.entity,
            self.category,
            field.name,
            proof.value,
            unit,
            level,
            evidence_of(self.search, proof),
            state(field, self.entity, proof.value, unit),
            valid.valid_from,
            valid.valid_to,
            year_of(candidate.unit, candidate.place),
        )

    def refuse(self, topic: Topic, value: object, reason: str) -> Refusal:
        """Write a refusal down."""
        return Refusal(
            self.entity,
            self.category,
            topic.field.name,
            show(value),
            reason,
            self.document.id,
            self.document.url,
        )


def _is_same(one: FieldValue, other: FieldValue) -> bool:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return same_ranges(one, other)
    return one == other


def _unit_of(field: Field, proof: Proof) -> str:
    """Return the field's unit, else the currency that stands with the value."""
    number = proof.candidate.number
    if field.kind != "ranges":
        return field.result_unit or (number.currency if number else "")
    return ranges_unit(field.rate_unit, field.unit or proof.currency)
