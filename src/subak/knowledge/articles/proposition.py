"""Proposition: one proved fact as one literal sentence with its citations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from subak.knowledge.articles.article import Citation
from subak.knowledge.articles.entity_name import entity_name
from subak.knowledge.articles.phrases import phrases_of
from subak.knowledge.articles.spoken_value import spoken_value
from subak.knowledge.facts.fact import Fact, FieldValue, Record
from subak.knowledge.facts.statement import format_value

COMPARED = "compared"


@dataclass(frozen=True, slots=True)
class Proposition:
    """What one or more documents state alike.

    Args:
        text: The literal sentence.
        label: The same as "title of entity: value".
        line: The same as "entity | title | value", what a model is shown: a sentence
            would only be copied.
        citations: Every quote that proves it.
        is_disputed: Another proposition of the same entity and field has another
            value.
        status: What it is against the last publication; "quoted" for words of a
            document, "compared" for what follows from several facts, "" when unknown.
        note: Since when it holds, what it was before, or that it is not confirmed.
        change: How far a number moved, as a share of what it was; of what is compared
            how far apart its ends are.
        rivals: What other documents state instead.
        date: ISO date of what it is taken from, "" when unknown.
        called: The entity in the article's language.
        moved: 1 for a number that rose, -1 for one that fell.
        covers: The facts that it says again, if it is made of several.
    """

    entity: str
    field: str
    text: str
    label: str
    line: str
    value: FieldValue
    unit: str
    level: str
    citations: tuple[Citation, ...]
    is_disputed: bool = False
    status: str = ""
    note: str = ""
    change: float = 0.0
    rivals: tuple[Proposition, ...] = ()
    date: str = ""
    called: str = ""
    moved: int = 0
    covers: tuple[Proposition, ...] = ()

    @property
    def name(self) -> str:
        """Return what the entity is called in the article."""
        return self.called or self.entity


def propose(
    records: Iterable[Record],
    fields: Mapping[str, str],
    *,
    language: str = "en",
    title_of: Callable[[str], str] = lambda _: "",
) -> tuple[Proposition, ...]:
    """Return the facts of the records as propositions, by entity, then field order.

    Args:
        records: Records of one category, in any order.
        fields: Titles by field name, in the recipe's order.
        language: Language of sentences that have to be made here.
        title_of: Finds the title of a document by its id.
    """
    order = {name: place for place, name in enumerate(fields)}
    facts = [
        fact
        for record in sorted(records, key=lambda one: (one.entity, one.url))
        for fact in record.facts
        if fact.evidence
    ]
    facts.sort(key=lambda one: (one.entity, order.get(one.field, len(order))))
    alike: dict[tuple[str, str, str], list[Fact]] = {}
    values: dict[tuple[str, str], set[FieldValue]] = {}
    for fact in facts:
        text = _text(fact, fields, language)
        alike.setdefault((fact.entity, fact.field, text), []).append(fact)
        values.setdefault((fact.entity, fact.field), set()).add(fact.value)
    return tuple(
        replace(
            proposition_of(same, fields, language=language, title_of=title_of),
            is_disputed=len(values[entity, field]) > 1 or same[0].level == "conflict",
        )
        for (entity, field, _), same in alike.items()
    )


def proposition_of(
    facts: Sequence[Fact],
    fields: Mapping[str, str],
    *,
    language: str,
    title_of: Callable[[str], str],
) -> Proposition:
    """Return facts that say the same as one proposition."""
    first = facts[0]
    return Proposition(
        entity=first.entity,
        field=first.field,
        text=_text(first, fields, language),
        label=_label(first, fields, language),
        line=_line(first, fields, language),
        value=first.value,
        unit=first.unit,
        level=first.level,
        citations=_citations(facts, title_of),
        is_disputed=first.level == "conflict",
        called=entity_name(first.entity, language),
    )


def _text(fact: Fact, fields: Mapping[str, str], language: str) -> str:
    return _statement(fact, language) or _label(fact, fields, language)


def _statement(fact: Fact, language: str) -> str:
    statement = " ".join(fact.statement.split())
    if not isinstance(fact.value, bool | str):
        english = format_value(fact.value, fact.unit)
        statement = statement.replace(
            english, spoken_value(fact.value, fact.unit, language)
        )
    called = entity_name(fact.entity, language)
    if called != fact.entity:
        statement = statement.replace(fact.entity, called)
    has_end = not statement or statement.endswith((".", "!", "?"))
    return statement if has_end else f"{statement}."


def _label(fact: Fact, fields: Mapping[str, str], language: str) -> str:
    title = fields.get(fact.field, "") or readable(fact.field)
    return phrases_of(language).label.format(
        title=in_sentence(title),
        Title=title,
        entity=entity_name(fact.entity, language),
        value=spoken_value(fact.value, fact.unit, language),
    )


def _line(fact: Fact, fields: Mapping[str, str], language: str) -> str:
    title = in_sentence(fields.get(fact.field, "") or readable(fact.field))
    called = entity_name(fact.entity, language)
    parts = (called, title, spoken_value(fact.value, fact.unit, language))
    return " | ".join(" ".join(part.replace("|", "/").split()) for part in parts)


def in_sentence(title: str) -> str:
    """Return a title as it stands in a sentence: "Voting age" gives "voting age"."""
    if title[1:2].isupper():
        return title
    return title[:1].lower() + title[1:]


def readable(name: str) -> str:
    """Return a field or category name as words: "military_spending" gives "Military
    spending".
    """
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def _citations(
    facts: Sequence[Fact], title_of: Callable[[str], str]
) -> tuple[Citation, ...]:
    found = (
        Citation(
            document=evidence.document,
            url=evidence.url,
            title=title_of(evidence.document),
            start=evidence.start,
            end=evidence.end,
            quote=evidence.quote,
        )
        for fact in facts
        for evidence in fact.evidence
    )
    return tuple(dict.fromkeys(found))
