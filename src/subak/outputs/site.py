"""Site: results arranged the way the pages show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from subak.knowledge.articles.article import Citation
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Evidence, Fact, Refusal
from subak.knowledge.results import Results
from subak.knowledge.settling.settlement import Settled
from subak.outputs.highlight import Span
from subak.outputs.paths import Paths
from subak.outputs.rows import field_titles, sorted_refusals, sorted_settled


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a field with everything that proves it."""

    fact: Fact
    evidence: tuple[Evidence, ...]

    @property
    def sources(self) -> int:
        """Return how many documents state it."""
        return len({one.document for one in self.evidence})


@dataclass(frozen=True, slots=True)
class Answer:
    """A field of an entity: more than one value means that sources differ.

    Args:
        values: The published one, then what other sources state.
    """

    field: str
    title: str
    anchor: str
    values: tuple[Value, ...]
    settled: Settled


@dataclass(frozen=True, slots=True)
class Topic:
    """What is known about one entity in one category."""

    entity: str
    category: str
    answers: tuple[Answer, ...]
    refused: tuple[Refusal, ...]

    @property
    def has_kept(self) -> bool:
        """Tell whether a value is not confirmed now."""
        return not all(one.settled.is_confirmed for one in self.answers)

    @property
    def has_changed(self) -> bool:
        """Tell whether a value is another than was published last."""
        return any(one.settled.status == "changed" for one in self.answers)

    def find_answer(self, field: str) -> Answer | None:
        """Return the answer for a field, None when nothing was proved."""
        return next((one for one in self.answers if one.field == field), None)


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a category's table."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Use:
    """One place that cites a span of a document."""

    span: Span
    quote: str
    label: str
    path: str


class Site:
    """Look-ups over results; everything comes back in a stable order."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.settled = tuple(sorted_settled(results))
        self.refused = tuple(sorted_refusals(results))
        self.documents = {one.id: one for one in results.documents}
        self._titles = field_titles(results)
        self._order = {key: number for number, key in enumerate(self._titles)}
        self._uses = self._collect_uses()

    @property
    def has_history(self) -> bool:
        """Tell whether anything was published before: all is new the first time."""
        return any(one.status != "new" for one in self.settled)

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category with a record or an article."""
        found = {one.category for one in self._statements()}
        found |= {article.category for article in self.results.articles}
        return tuple(sorted(found))

    @property
    def entities(self) -> tuple[str, ...]:
        """Every entity with a fact or a refusal."""
        found = {one.entity for one in self._statements()}
        return tuple(sorted(found, key=lambda entity: (entity.casefold(), entity)))

    def topics_of_entity(self, entity: str) -> tuple[Topic, ...]:
        """Return what is known about an entity, by category."""
        return self._topics(lambda one: one.entity == entity)

    def topics_of_category(self, category: str) -> tuple[Topic, ...]:
        """Return what is known in a category, by entity."""
        return self._topics(lambda one: one.category == category)

    def fields_of(self, category: str) -> tuple[Field, ...]:
        """Return the fields that have facts in a category, in recipe order."""
        facts = [one.fact for one in self.settled if one.fact.category == category]
        names = {fact.field for fact in facts}
        ordered = sorted(names, key=lambda name: self._place(category, name))
        return tuple(Field(name, self.title(category, name)) for name in ordered)

    def title(self, category: str, field: str) -> str:
        """Return how a field is shown to people."""
        plain = field.replace("_", " ")
        return self._titles.get((category, field)) or plain[:1].upper() + plain[1:]

    def spans_of(self, document: str) -> tuple[Span, ...]:
        """Return the cited spans of a document."""
        return tuple(sorted({use.span for use in self._uses.get(document, ())}))

    def copies_of(self, document: str) -> tuple[str, ...]:
        """Return the further addresses that carry a document."""
        return self.results.copies.get(document, ())

    def uses_of(self, document: str) -> tuple[Use, ...]:
        """Return who cites a document, in the order of its text."""
        uses = dict.fromkeys(self._uses.get(document, ()))
        return tuple(sorted(uses, key=lambda use: (use.span, use.label, use.path)))

    def quote_path(self, proof: Evidence | Citation) -> str:
        """Return the page and anchor of a quote, "" when its document is missing."""
        document = self.documents.get(proof.document)
        if document is None:
            return ""
        anchor = f"#{_span(proof).id}" if _is_true(proof, document) else ""
        return f"{Paths.document(document.id)}{anchor}"

    def _statements(self) -> Iterator[Fact | Refusal]:
        yield from (one.fact for one in self.settled)
        yield from self.refused

    def _topics(self, is_wanted: Callable[[Fact | Refusal], bool]) -> tuple[Topic, ...]:
        settled = [one for one in self.settled if is_wanted(one.fact)]
        refused = [refusal for refusal in self.refused if is_wanted(refusal)]
        keys = {_key(one.fact) for one in settled} | {_key(one) for one in refused}
        return tuple(
            Topic(
                entity=key[1],
                category=key[0],
                answers=self._answers(
                    [one for one in settled if _key(one.fact) == key]
                ),
                refused=tuple(one for one in refused if _key(one) == key),
            )
            for key in sorted(keys)
        )

    def _answers(self, settled: Iterable[Settled]) -> tuple[Answer, ...]:
        ordered = sorted(
            settled, key=lambda one: self._place(one.fact.category, one.fact.field)
        )
        return tuple(map(self._answer, ordered))

    def _answer(self, one: Settled) -> Answer:
        fact = one.fact
        return Answer(
            field=fact.field,
            title=self.title(fact.category, fact.field),
            anchor=Paths.answer(fact.category, fact.field),
            values=tuple(Value(each, each.evidence) for each in (fact, *one.others)),
            settled=one,
        )

    def _place(self, category: str, field: str) -> tuple[int, str]:
        return (self._order.get((category, field), len(self._order)), field)

    def _collect_uses(self) -> Mapping[str, list[Use]]:
        uses: dict[str, list[Use]] = {}
        for proof, label, path in (*self._fact_uses(), *self._sentence_uses()):
            document = self.documents.get(proof.document)
            if document is not None and _is_true(proof, document):
                use = Use(_span(proof), proof.quote, label, path)
                uses.setdefault(document.id, []).append(use)
        return uses

    def _fact_uses(self) -> Iterator[tuple[Evidence | Citation, str, str]]:
        for fact in self._stated():
            title = self.title(fact.category, fact.field)
            label = ": ".join(part for part in (fact.entity, title) if part)
            anchor = Paths.answer(fact.category, fact.field)
            for evidence in fact.evidence:
                yield evidence, label, f"{Paths.entity(fact.entity)}#{anchor}"

    def _stated(self) -> Iterator[Fact]:
        for one in self.settled:
            yield from (one.fact, *one.others)

    def _sentence_uses(self) -> Iterator[tuple[Evidence | Citation, str, str]]:
        for article in self.results.articles:
            sentences = (one for part in article.sections for one in part.sentences)
            for number, sentence in enumerate(sentences, start=1):
                for citation in sentence.citations:
                    path = f"{Paths.article(article.slug)}#s{number}"
                    yield citation, article.title, path


def _key(one: Fact | Refusal) -> tuple[str, str]:
    return (one.category, one.entity)


def _span(proof: Evidence | Citation) -> Span:
    return Span(proof.start, proof.end)


def _is_true(proof: Evidence | Citation, document: Document) -> bool:
    quote = document.text[proof.start : proof.end]
    return 0 <= proof.start < proof.end and quote == proof.quote
