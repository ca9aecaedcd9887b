"""Freely: the comparison of parts where the words around them may be others.

What bounds a figure has to be the same; the small word before it need not be, unless
both have one of those that contrast ("by 5 %", "to 5 %"). One place that is owner or
scene of both may stand anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from subak.knowledge.checking.bounds import (
    BOUNDS,
    bounds_of,
    is_date,
    is_other_money,
)
from subak.knowledge.checking.exchanged import units_problem
from subak.knowledge.checking.paraphrase import Paraphrase
from subak.knowledge.checking.polarity import place_problem
from subak.knowledge.checking.rearrangement import has_free_place
from subak.knowledge.checking.sense import Reading

_WAYS = frozenset({"from", "to", "by"})


@dataclass(frozen=True)
class Freely(Paraphrase):
    """Two readings that share their words of sense."""

    def part_problem(self) -> str:
        """Return what differs besides words and time: figures, limits, roles."""
        if has_free_place(self.said, self.source):
            return self._placeless().named_problem()
        return self.named_problem() or place_problem(
            self.said.claim, self.source.claim, self.language
        )

    def named_problem(self) -> str:
        """Return the same for readings in which every name counts."""
        return self._wording_problem() or self._party_problem()

    def _placeless(self) -> Freely:
        return replace(self, said=_placeless(self.said), source=_placeless(self.source))

    def _figures(self) -> str:
        if len(self._matched) < len(self.said.figures):
            return "a figure is not in the source"
        if len(self._matched) < len(self.source.figures):
            return "the sentence leaves out a figure"
        for at, there in self._matched.items():
            one, other = self.said.figures[at], self.source.figures[there]
            ours, theirs = bounds_of(self.said, one), bounds_of(self.source, other)
            if is_other_money(self.said, one, self.source, other):
                return "the sentence changes the currency of a figure"
            ways = (ours & _WAYS, theirs & _WAYS)
            if ours & BOUNDS != theirs & BOUNDS or (all(ways) and ways[0] != ways[1]):
                return "the sentence changes what holds for a figure"
        if self._reorders():
            return "the sentence puts the figures in another order"
        return units_problem(self.said, self.source, self._matched)

    def _reorders(self) -> bool:
        """Tell whether figures that are no dates come in another order."""
        order = [
            there
            for at, there in sorted(self._matched.items())
            if not is_date(self.said.figures[at])
        ]
        return order != sorted(order)


def _placeless(reading: Reading) -> Reading:
    places = reading.lexicon.places
    return replace(
        reading, parts=tuple(one for one in reading.parts if not one.senses & places)
    )
