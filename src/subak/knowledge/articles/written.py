"""Written: a proposition and the sentence that is published for it."""

from __future__ import annotations

from dataclasses import dataclass

from subak.knowledge.articles.article import Sentence
from subak.knowledge.articles.proposition import Proposition

# What moved is news before what was not known before: on a first day all is new.
_ORDER = {"changed": 0, "new": 1, "conflict": 2}
SAME = 3
"""The rank of what is as it was."""


@dataclass(frozen=True, slots=True)
class Written:
    """A proposition and the sentence that is published for it."""

    proposition: Proposition
    sentence: Sentence

    @property
    def news(self) -> int:
        """Return how much news it is: 0 for most, ``SAME`` for none."""
        fact = self.proposition
        is_conflict = fact.is_disputed and fact.status not in ("changed", "new")
        return _ORDER.get("conflict" if is_conflict else fact.status, SAME)
