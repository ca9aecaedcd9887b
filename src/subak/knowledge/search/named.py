"""Named: what a query speaks of, among the things that documents are about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from subak.knowledge.facts.identity import find_country
from subak.knowledge.text.words import fold

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 6


@dataclass(frozen=True, slots=True)
class Named:
    """The entities that a query names, and what else it says.

    Args:
        entities: As the documents write them.
        rest: The query without their names.
    """

    entities: frozenset[str]
    rest: str

    @classmethod
    def read(cls, query: str, entities: Iterable[str]) -> Named:
        """Look for the entities in a query.

        In their own words, longest first, so that "Equatorial Guinea" does not name
        "Guinea"; and countries by their names in other languages: "Germania",
        "Jerman". Two letters name something only as capitals: "US", not "us".
        """
        return _Reading(query, _Names(entities)).named()


class _Names:
    """The known entities by their words, and the countries among them."""

    def __init__(self, entities: Iterable[str]) -> None:
        self._by_words: dict[str, set[str]] = {}
        self._by_country: dict[str, set[str]] = {}
        for entity in entities:
            self._by_words.setdefault(_words(entity), set()).add(entity)
            if country := find_country(entity, whole=True):
                self._by_country.setdefault(country, set()).add(entity)

    def find(self, text: str) -> frozenset[str]:
        """Return the entities that a text is the name of."""
        found = self._by_words.get(_words(text), set())
        if self._by_country:
            country = find_country(text, whole=True)
            found = found | self._by_country.get(country, set())
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Reading:
    query: str
    names: _Names

    def named(self) -> Named:
        """Go through the words, the longest names first at each."""
        words = list(_WORD.finditer(self.query))
        found: set[str] = set()
        rest: list[str] = []
        at = 0
        while at < len(words):
            size, entities = self._name_at(words[at : at + _LONGEST])
            found |= entities
            if not size:
                rest.append(words[at][0])
            at += max(size, 1)
        return Named(frozenset(found), " ".join(rest))

    def _name_at(self, words: list[re.Match[str]]) -> tuple[int, frozenset[str]]:
        for size in range(len(words), 0, -1):
            text = self.query[words[0].start() : words[size - 1].end()]
            is_small = len(text) < 3 and not text.isupper()
            if not is_small and (entities := self.names.find(text)):
                return size, entities
        return 0, frozenset()


def _words(text: str) -> str:
    return " ".join(_WORD.findall(fold(text)))
