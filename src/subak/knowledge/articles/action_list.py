"""ActionList: what somebody has to do about facts, as typed sentences, few and cited.

Nothing is advice: each item follows from one fact that changed, is disputed, was not
confirmed, or could not be proved.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from subak.knowledge.articles.article import Citation, Sentence
from subak.knowledge.articles.phrase_book import PhraseBook, made_of
from subak.knowledge.articles.proposition import Proposition
from subak.knowledge.articles.quote_line import quote_line
from subak.knowledge.articles.written import Written
from subak.knowledge.checking.shape import markup_problem
from subak.knowledge.facts.fact import Record
from subak.knowledge.text.orders import gives_orders

PassageOn = Callable[[str, str], Citation | None]
_CHANGED, _DISPUTED, _KEPT, _REFUSED = 4.0, 3.0, 2.0, 1.0
_CONCERNED = 0.5
_CLAIMS = 3
_QUOTED_CHARS = 140


@dataclass(frozen=True, slots=True)
class ActionItem:
    """One thing to do.

    Args:
        sentence: What to do, cited.
        facts: The facts it says again.
        weight: What counts more stands first.
    """

    sentence: Sentence
    facts: tuple[Proposition, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class ActionList:
    """Makes the items of one article.

    Args:
        book: How facts are spoken of.
        concerned: Fields that somebody acts on; empty: any may be.
        passage_on: Finds what a document, by id, says of a field, by title.
        most: Items at most.
    """

    book: PhraseBook
    concerned: Collection[str] = ()
    passage_on: PassageOn = lambda _document, _title: None
    most: int = 5

    def items(
        self, written: Sequence[Written], records: Iterable[Record]
    ) -> tuple[ActionItem, ...]:
        """Return what to do, the weightiest first.

        Args:
            written: By entity, then field order.
            records: Where the facts come from, for what they refused.
        """
        facts = [one.proposition for one in written]
        found = [item for fact in facts for item in self._of(fact)]
        found += self._missing(facts, records)
        found.sort(key=lambda item: -item.weight)
        return tuple(found[: self.most])

    def _of(self, fact: Proposition) -> Iterator[ActionItem]:
        if fact.rivals:
            claims = ", ".join(self._claims([fact, *fact.rivals]))
            yield self._item(
                self.book.phrases.settle, _DISPUTED, [fact, *fact.rivals], claims=claims
            )
        elif fact.is_disputed:
            yield self._item(self.book.phrases.ambiguous, _DISPUTED, [fact])
        elif fact.status == "kept":
            yield self._item(self.book.phrases.confirm, _KEPT, [fact])
        elif fact.status == "changed" and self._is_acted_on(fact.field):
            is_number = not isinstance(fact.value, bool | str | tuple)
            phrases = self.book.phrases
            template = phrases.update if is_number else phrases.update_other
            yield self._item(template, _CHANGED + fact.change, [fact])

    def _is_acted_on(self, name: str) -> bool:
        return not self.concerned or name in self.concerned

    def _item(
        self,
        template: str,
        weight: float,
        facts: Sequence[Proposition],
        claims: str = "",
    ) -> ActionItem:
        fact = facts[0]
        text = self.book.fill(
            template,
            fact.field,
            fact.entity,
            value=self.book.value(fact),
            claims=claims,
        )
        sentence = made_of(
            text,
            facts,
            entity=fact.entity,
            field_name=fact.field,
            note="" if fact.rivals else fact.note,
        )
        more = _CONCERNED if fact.field in self.concerned else 0.0
        return ActionItem(sentence, tuple(facts), weight + more)

    def _claims(self, facts: Sequence[Proposition]) -> Iterator[str]:
        """Yield who says what; of sources that can't be told apart one and another."""
        phrases = self.book.phrases
        sources = [self.book.source(fact.citations[0]) for fact in facts[:_CLAIMS]]
        are_named = all(sources) and len(set(sources)) == len(sources)
        for place, (fact, source) in enumerate(zip(facts, sources, strict=False)):
            value = self.book.value(fact)
            if are_named:
                yield phrases.says.format(source=source, value=value)
            else:
                said = phrases.another_says if place else phrases.one_says
                yield said.format(value=value)

    def _missing(
        self, facts: Sequence[Proposition], records: Iterable[Record]
    ) -> Iterator[ActionItem]:
        """Yield what was refused and is known from nowhere else."""
        known = {(fact.entity, fact.field) for fact in facts}
        for record in sorted(records, key=lambda one: (one.entity, one.url)):
            for refusal in record.refused:
                key = (refusal.entity, refusal.field)
                if key not in known and self._is_acted_on(refusal.field):
                    known.add(key)
                    yield from self._find(*key, record.document, facts)

    def _find(
        self, entity: str, name: str, document: str, facts: Sequence[Proposition]
    ) -> Iterator[ActionItem]:
        passage = self.passage_on(document, self.book.title(name))
        cited = passage or _stated_in(document, entity, facts)
        if cited is None:
            return
        phrases = self.book.phrases
        source = self.book.source(cited)
        quote = _sayable_quote(passage)
        text = self.book.fill(
            phrases.find_beside if quote else phrases.find,
            name,
            entity,
            source=f"“{source}”" if source else phrases.page,
            quote=quote,
        )
        sentence = made_of(text, (), entity=entity, field_name=name)
        yield ActionItem(replace(sentence, citations=(cited,)), (), _REFUSED)


def _sayable_quote(passage: Citation | None) -> str:
    """Return a passage that is short and plain enough for a sentence, else ""."""
    quote = quote_line(passage.quote).rstrip(".") if passage else ""
    is_plain = not markup_problem(quote) and not gives_orders(quote)
    return quote if len(quote) <= _QUOTED_CHARS and is_plain else ""


def _stated_in(
    document: str, entity: str, facts: Sequence[Proposition]
) -> Citation | None:
    """Find a quote of the entity's from this document."""
    cited = (one for fact in facts if fact.entity == entity for one in fact.citations)
    return next((one for one in cited if one.document == document), None)
