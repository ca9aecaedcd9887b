"""Restatement: is each statement of a sentence one of its source, phrases moved?

Leaving out other statements of the source is no falsehood; leaving out one that limits
is, so then nothing may be left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from subak.knowledge.checking.clauses import clauses_of
from subak.knowledge.checking.rearrangement import has_free_place, rearranges
from subak.knowledge.checking.sense import Reading
from subak.knowledge.text.language import Language

_LIMITS = frozenset({"if", "except", "only", "until", "not", "formerly", "before"})


@dataclass(frozen=True)
class Restatement:
    """A sentence and its source, statement by statement."""

    said: Reading
    source: Reading
    language: Language

    def holds(self) -> bool:
        """Tell whether every statement of the sentence is one of the source."""
        theirs = clauses_of(self.source)
        is_free = has_free_place(self.said, self.source)
        used: set[int] = set()
        for ways in clauses_of(self.said):
            found = next(
                (
                    at
                    for clause in ways
                    for at, others in enumerate(theirs)
                    if any(self._says(clause, one, is_free=is_free) for one in others)
                ),
                None,
            )
            if found is None:
                return False
            used.add(found)
        left = [ways[0] for at, ways in enumerate(theirs) if ways and at not in used]
        return not any(self._limits(clause) for clause in left)

    def _says(self, clause: Reading, other: Reading, *, is_free: bool) -> bool:
        if self._is_past(clause) != self._is_past(other):
            return False
        return rearranges(clause, other, is_free=is_free)

    def _is_past(self, clause: Reading) -> bool:
        return self.language.code != "en" and any(
            part.text in self.language.past for part in clause.parts
        )

    def _limits(self, clause: Reading) -> bool:
        return any(
            part.text in self.language.limits
            or (part.kind == "operator" and bool(part.senses & _LIMITS))
            for part in clause.parts
        )
