"""Freely: the comparison of parts where the words around them may be others.

Phrases may stand in any order, each with what belongs to it. What bounds a figure has
to be the same; the small word before it need not be, unless both have one of those that
contrast ("by 5 %", "to 5 %").
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from subak.knowledge.checking.between_figures import share_problem
from subak.knowledge.checking.bounds import (
    BOUNDS,
    bounds_of,
    carriers_of,
    classes_of,
    is_alike,
    is_other_money,
)
from subak.knowledge.checking.crossing import crossing_problem
from subak.knowledge.checking.doing import is_ed_form
from subak.knowledge.checking.exchanged import units_problem
from subak.knowledge.checking.givers import doer_problem
from subak.knowledge.checking.lexicon import DENIAL
from subak.knowledge.checking.neighbours import neighbours_problem
from subak.knowledge.checking.paraphrase import CARRIED, Paraphrase
from subak.knowledge.checking.parties import parties_problem
from subak.knowledge.checking.sense import Part, Reading
from subak.knowledge.checking.stretches import clauses, is_same
from subak.knowledge.checking.subjects import subject_problem
from subak.knowledge.checking.tense import shift_problem, tense_problem
from subak.knowledge.checking.ties import ties_problem

_SWAPPED = "the sentence swaps who does what"
_WAYS = frozenset({"from", "to", "by"})
# Two statements side by side; a condition said as "who", where all words are the same.
_UNSAID = ("while", "if")


@dataclass(frozen=True)
class Freely(Paraphrase):
    """Two readings that share their words of sense."""

    def part_problem(self) -> str:
        """Return what differs besides words: figures, limits, roles, time."""
        return (
            self.firm_problem()
            or self._tense()
            or ties_problem(self.said, self.source)
            or neighbours_problem(self.said, self.source)
        )

    def firm_problem(self) -> str:
        """Return the same as far as no judge is to be believed against it."""
        return (
            shift_problem(self.said, self.source)
            or self._figures()
            or self._operators()
            or self._carriers()
            or self._exchange()
            or self._directions()
            or self._voice()
            or share_problem(self.said, self.source)
            or doer_problem(self.said, self.source)
            or subject_problem(self.said, self.source)
            or self._actors()
            or crossing_problem(self.said, self.source)
            or parties_problem(self.said, self.source)
        )

    def _carriers(self) -> str:
        """What is denied, counted or limited has to be the same thing."""
        for name in sorted(set(classes_of(self.source.operators)) & CARRIED):
            ours = list(carriers_of(self.said, name))
            theirs = list(carriers_of(self.source, name))
            for one in ours:
                if not any(is_alike(one, other) for other in theirs):
                    return f'the sentence ties "{name}" to something else'
        return ""

    def _actors(self) -> str:
        """Where figures or clauses tell actors apart, what crosses tells."""
        if min(len(self.source.figures), len(clauses(self.source))) > 1:
            return ""
        if self.said.is_passive == self.source.is_passive:
            return super()._actors()
        ours, theirs = (
            [min(part.senses) for part in _undone(reading)]
            for reading in (self.said, self.source)
        )
        same = [each for each in theirs if each in ours]
        return "" if [each for each in ours if each in same] == same else _SWAPPED

    def _tense(self) -> str:
        """A verb that ends alike in both leaves the time to what helps it."""
        for ours in filter(is_ed_form, self.said.parts):
            if any(is_same(ours, one) for one in filter(is_ed_form, self.source.parts)):
                return ""
        return tense_problem(self.said, self.source, self.language)

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
        return units_problem(self.said, self.source, self._matched)

    def _operators(self) -> str:
        ours = Counter(classes_of(self.said.operators))
        theirs = Counter(classes_of(self.source.operators))
        for each in (ours, theirs):
            for name in _UNSAID:
                del each[name]
            if each[DENIAL]:  # "has no", "does not have any"
                del each["any"]
        for name in sorted((ours - theirs) | (theirs - ours)):
            kind = "adds" if ours[name] > theirs[name] else "leaves out"
            return f'the sentence {kind} "{name}"'
        return "the sentence words a cause anew" if "cause" in ours else ""


def _undone(reading: Reading) -> list[Part]:
    """Return the actors besides the one who acts: the first, or by whom it is done."""
    actors = reading.lexicon.actors
    found = [part for part in reading.meant if part.senses & actors]
    if reading.is_passive:
        return [part for part in found if part.preposition != "by"]
    first = next(iter(reading.meant), None)
    return [part for part in found if part is not first]
