"""Use: one place of a document that a published value or a sentence quotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Literal

import apsw

from subak.knowledge.articles.article import Article, Citation
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Evidence, Fact
from subak.knowledge.settling.published import iter_published_with
from subak.views.articles import read_articles


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One quote.

    Args:
        kind: Of what quotes it.
        label: That in words: "Germany: vat_standard", or an article's title.
        names: What leads to it: category, entity and field of a value; slug and
            number of the sentence, from 1, of an article.
    """

    start: int
    end: int
    kind: Literal["fact", "sentence"]
    label: str
    names: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the use with the names of the outer contract."""
        return {**asdict(self), "names": list(self.names)}


def read_uses(db: apsw.Connection, document: Document) -> tuple[Use, ...]:
    """Return what quotes a document, in the order of its text.

    Values of any publication and sentences of the newest articles; a quote that does
    not stand at its place is no use.
    """
    found = {*_by_facts(db, document), *_by_sentences(db, document)}
    return tuple(sorted(found))


def is_true(document: Document, proof: Evidence | Citation) -> bool:
    """Tell whether a quote stands at its place in a document."""
    is_there = proof.document == document.id and 0 <= proof.start < proof.end
    return is_there and document.text[proof.start : proof.end] == proof.quote


def _by_facts(db: apsw.Connection, document: Document) -> Iterator[Use]:
    for fact in iter_published_with(db, document.id):
        for one in fact.evidence:
            if is_true(document, one):
                yield Use(one.start, one.end, "fact", _label(fact), _names(fact))


def _by_sentences(db: apsw.Connection, document: Document) -> Iterator[Use]:
    for article in read_articles(db).articles:
        for number, one in _numbered(article):
            if is_true(document, one):
                names = (article.slug, str(number))
                yield Use(one.start, one.end, "sentence", article.title, names)


def _numbered(article: Article) -> Iterator[tuple[int, Citation]]:
    sentences = (one for part in article.sections for one in part.sentences)
    for number, sentence in enumerate(sentences, start=1):
        for citation in sentence.citations:
            yield number, citation


def _label(fact: Fact) -> str:
    return ": ".join(part for part in (fact.entity, fact.field) if part)


def _names(fact: Fact) -> tuple[str, str, str]:
    return (fact.category, fact.entity, fact.field)
