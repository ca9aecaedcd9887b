"""PhraseBook: how code speaks of facts in the language of an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from subak.knowledge.articles.article import Citation, Sentence
from subak.knowledge.articles.entity_name import entity_name
from subak.knowledge.articles.phrases import Phrases, phrases_of
from subak.knowledge.articles.proposition import (
    Proposition,
    in_sentence,
    readable,
)
from subak.knowledge.articles.spoken_value import spoken_value
from subak.knowledge.checking.shape import markup_problem

_MOST_NAMES = 3
_MOST_TITLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """Titles, names and values as the language has them.

    Args:
        language: BCP 47 primary tag.
        fields: Titles by field name, in reading order.
    """

    language: str = "en"
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def phrases(self) -> Phrases:
        """Return the fixed words of the language."""
        return phrases_of(self.language)

    def title(self, name: str) -> str:
        """Return what a field is called, as it begins a sentence."""
        return self.fields.get(name, "") or readable(name)

    def place(self, name: str) -> int:
        """Return where a field stands in reading order; unknown ones last."""
        names = list(self.fields)
        return names.index(name) if name in self.fields else len(names)

    def value(self, fact: Proposition) -> str:
        """Return a fact's value with its unit."""
        return spoken_value(fact.value, fact.unit, self.language)

    def names(self, entities: Sequence[str], most: int = _MOST_NAMES) -> str:
        """Return entities as people list them; those beyond ``most`` as others."""
        names = [entity_name(one, self.language) for one in entities]
        if len(names) > most:
            names = [*names[:most], self.phrases.others]
        if len(names) < 2:
            return "".join(names)
        return self.phrases.joined.format(first=", ".join(names[:-1]), last=names[-1])

    def fill(self, template: str, name: str, entity: str = "", **gaps: str) -> str:
        """Return a template about a field, and an entity, with its gaps filled."""
        title = self.title(name)
        called = entity_name(entity, self.language)
        return template.format(
            title=in_sentence(title), Title=title, entity=called, **gaps
        )

    def source(self, citation: Citation) -> str:
        """Return the title of the cited page, "" where it can't stand in a sentence.

        Digits in it would be numbers that no quote holds.
        """
        title = " ".join(citation.title.split())
        is_plain = title and not any(map(str.isdigit, title))
        if not is_plain or len(title) > _MOST_TITLE_CHARS or markup_problem(title):
            return ""
        return title


def made_of(
    text: str,
    facts: Sequence[Proposition],
    *,
    entity: str = "",
    field_name: str = "",
    note: str = "",
) -> Sentence:
    """Return a sentence that code made of facts, with all their citations."""
    citations = dict.fromkeys(one for fact in facts for one in fact.citations)
    return Sentence(
        text, "typed", tuple(citations), entity, field_name, text, note=note
    )
