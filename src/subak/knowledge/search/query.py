"""Query: what was typed, as the words that are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from subak.knowledge.text.words import STOPWORDS, fold, stem

_WORD = re.compile(r"[^\W_]+")
_QUESTION_TEXT = (
    "what which who whom whose when where why how does do did can could would should "
    "many much there any i me my we our you your tell about "
    "che cosa quale quali chi quando dove perché come quanto quanti quanta quante sono "
    "ha hanno si può c ci qual cos dov "
    "apa siapa kapan mana mengapa bagaimana berapa apakah ada adakah itu ini para"
)
_QUESTION = frozenset(fold(word) for word in _QUESTION_TEXT.split())
_MOST_WORDS = 64


@dataclass(frozen=True, slots=True)
class Query:
    """The words of a free text that carry meaning; of any other, all its words."""

    words: tuple[str, ...]

    @classmethod
    def read(cls, text: str) -> Query:
        """Take a text apart; whatever is in it, nothing of it is an operator."""
        words = tuple(dict.fromkeys(_WORD.findall(text.casefold())))[:_MOST_WORDS]
        small = STOPWORDS | _QUESTION
        return cls(tuple(word for word in words if fold(word) not in small) or words)

    @property
    def stems(self) -> frozenset[str]:
        """Return what is compared with the words of a passage."""
        return frozenset(stem(word) for word in self.words)

    @property
    def all_of(self) -> str:
        """Return the FTS5 expression that wants every word."""
        return " AND ".join(_quoted(self.words))

    @property
    def any_of(self) -> str:
        """Return the FTS5 expression that wants one of the words."""
        return " OR ".join(_quoted(self.words))

    def coverage(self, text: str) -> float:
        """Return which share of the words stands in a text, 0 to 1."""
        wanted = self.stems
        if not wanted:
            return 0.0
        there = {stem(word) for word in _WORD.findall(text.casefold())}
        return len(wanted & there) / len(wanted)


def _quoted(words: Iterable[str]) -> list[str]:
    return [f'"{word}"' for word in words]
