"""ProfilePlan: what a text about one entity is to answer, section by section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_SILENT: Mapping[str, str] = {
    "en": "The sources say nothing about this: {question}",
    "it": "Le fonti non dicono nulla al riguardo: {question}",
    "id": "Sumber-sumber tidak menyebutkan apa pun tentang ini: {question}",
}


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """One section of a profile.

    Args:
        title: Its heading.
        question: What it answers.
        words: Words by which documents speak of it, in their languages.
        max_sentences: Sentences at most.
    """

    title: str
    question: str
    words: tuple[str, ...] = ()
    max_sentences: int = 6

    @property
    def query(self) -> str:
        """Return what passages are looked for with."""
        return " ".join((self.title, self.question, *self.words))


@dataclass(frozen=True, slots=True)
class ProfilePlan:
    """The plan of one text per entity.

    Args:
        name: Tells several texts about one entity apart, "" for the only one.
        title: Headline with ``{entity}`` in it.
        category: Category of the documents it is made of; "" takes all.
        entity_kind: What it is about where the source does not say: "country" finds
            the one country in a document's title, "title" takes the title itself.
        sections: In reading order.
        max_chars: Longest text shown in one call.
        max_calls: Calls for one section at most; a long page is read in so many parts.
    """

    name: str
    title: str
    category: str
    sections: tuple[SectionPlan, ...]
    entity_kind: str = "country"
    max_chars: int = 2400
    max_calls: int = 3


def silence(question: str, language: str) -> str:
    """Return what a section says that nothing was found for."""
    return _SILENT.get(language, _SILENT["en"]).format(question=question.strip())
