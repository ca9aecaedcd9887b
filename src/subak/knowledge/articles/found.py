"""Found: a model's sentence and the one of a document that it restates, checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from subak.knowledge.articles.alignment import tidy
from subak.knowledge.articles.article import Citation, Dropped, Sentence
from subak.knowledge.articles.excerpt import Shown
from subak.knowledge.articles.snap import nearest
from subak.knowledge.checking.support import check


@dataclass(frozen=True, slots=True)
class Found:
    """A sentence that may be published, and where it was found.

    Args:
        refused: What the model made of it and the check did not let through.
    """

    shown: Shown
    sentence: Sentence
    refused: Dropped | None = None


def resolve(answer: str, shown: Sequence[Shown], entity: str) -> Found | Dropped:
    """Return what to publish for a model's sentence: that, or its source as it stands.

    The source is the sentence that shares most words with it; asking for a quote too
    doubles the answer, for small models copy whole sentences. The rewording counts
    only if it says just what its source says.
    """
    text = tidy(answer)
    said = [one.said for one in shown]
    place = nearest(text, said)
    if place is None:
        return Dropped(text, "no sentence of the text says this", entity)
    source = shown[said.index(place)]
    if _bare(text) == _bare(place.statement):
        return Found(source, literal(source, entity))
    support = check(text, place.statement, names=(entity,))
    if support.supported:
        return Found(source, _sentence(source, entity, text))
    refused = Dropped(text, support.reason, entity)
    return Found(source, literal(source, entity), refused)


def literal(shown: Shown, entity: str) -> Sentence:
    """Return a sentence of a document as it stands."""
    return _sentence(shown, entity, "")


def _sentence(shown: Shown, entity: str, text: str) -> Sentence:
    evidence, statement = shown.said.evidence, shown.said.statement
    citation = Citation(
        document=evidence.document,
        url=evidence.url,
        title=shown.sayable.document.title,
        start=evidence.start,
        end=evidence.end,
        quote=evidence.quote,
    )
    return Sentence(
        text=text or statement,
        verdict="rewritten" if text else "literal",
        citations=(citation,),
        entity=entity,
        statement=statement,
    )


def _bare(text: str) -> str:
    return re.sub(r"[\s.]", "", text).casefold()
