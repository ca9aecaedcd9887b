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


def resolve(
    answer: str, shown: Sequence[Shown], entity: str, language: str = "en"
) -> Found | Dropped:
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
    plain = literal(source, entity, language)
    if _bare(text) == _bare(plain.text):
        return Found(source, plain)
    support = check(text, place.about(entity), names=(entity,))
    if support.supported:
        return Found(source, reworded(source, entity, text))
    refused = Dropped(text, support.reason, entity)
    return Found(source, plain, refused)


def literal(shown: Shown, entity: str, language: str = "en") -> Sentence:
    """Return a sentence of a document as it stands; a row as one about the entity."""
    told = shown.said.told(entity, language)
    return _sentence(shown, entity, told, told)


def reworded(shown: Shown, entity: str, text: str) -> Sentence:
    """Return a wording of a sentence of a document that was found to say the same."""
    return _sentence(shown, entity, text, shown.said.about(entity))


def _sentence(shown: Shown, entity: str, text: str, statement: str) -> Sentence:
    evidence = shown.said.evidence
    citation = Citation(
        document=evidence.document,
        url=evidence.url,
        title=shown.sayable.document.title,
        start=evidence.start,
        end=evidence.end,
        quote=evidence.quote,
    )
    return Sentence(
        text=text,
        verdict="literal" if text == statement else "rewritten",
        citations=(citation,),
        entity=entity,
        statement=statement,
    )


def _bare(text: str) -> str:
    return re.sub(r"[\s.]", "", text).casefold()
