"""Crossing: statements of one sentence that exchanged some of their words.

A statement may move as a whole. Where words of one go over to another and words of that
one come back, somebody got what is another's: "employees 8 %, employers 10 %" turned
into "employers 8 %, employees 10 %".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from subak.knowledge.checking.sense import Part, Reading
from subak.knowledge.checking.stretches import (
    Stretch,
    around_figures,
    clauses,
    forms_of,
    is_same,
)

_GIVEN = "the sentence gives a figure to something else"


def crossing_problem(said: Reading, source: Reading) -> str:
    """Return what traded places between statements; "" for nothing."""
    for form in forms_of(source):
        figures = _Moves.between(
            around_figures(said, form), around_figures(source, form)
        )
        if figures.is_crossed or figures.leaves_figure_alone:
            return _GIVEN
        if figures.reorders_unknown:
            return "the sentence puts the figures in another order"
    whole = _Moves.between(clauses(said), clauses(source))
    if whole.is_crossed:
        return "the sentence mixes two statements"
    if (part := whole.strayed) is not None:
        return f'the sentence ties "{part.token.surface}" to something else'
    return ""


@dataclass(frozen=True, slots=True)
class _Moves:
    """From which stretch of the source to which of the sentence words went.

    Args:
        ours: The stretches of the sentence.
        theirs: Those of the source.
        moved: Words that stand in one stretch only on both sides, by those two.
    """

    ours: Sequence[Stretch]
    theirs: Sequence[Stretch]
    moved: dict[tuple[int, int], list[Part]]

    @classmethod
    def between(cls, ours: Sequence[Stretch], theirs: Sequence[Stretch]) -> _Moves:
        moved: dict[tuple[int, int], list[Part]] = {}
        if min(len(ours), len(theirs)) > 1:
            for there, stretch in enumerate(theirs):
                for part in stretch:
                    here = _places(part, ours)
                    if len(here) == len(_places(part, theirs)) == 1:
                        moved.setdefault((there, here[0]), []).append(part)
        return cls(ours, theirs, moved)

    @property
    def is_crossed(self) -> bool:
        """Tell whether two stretches are each spread over the same two."""
        return any(
            all(self._words(one, two) for one in pair for two in other)
            for pair in combinations(range(len(self.theirs)), 2)
            for other in combinations(range(len(self.ours)), 2)
        )

    @property
    def leaves_figure_alone(self) -> bool:
        """Tell whether all that was said of a figure is now said of others."""
        for there, here in self._figures():
            gone = any(
                self._words(there, other, of_figures=False)
                for other in range(len(self.ours))
                if other != here
            )
            if gone and not self._stays(there, here):
                return True
        return False

    @property
    def reorders_unknown(self) -> bool:
        """Tell whether figures come in another order and one has no word with it."""
        pairs = self._figures()
        order = [here for _, here in pairs]
        return order != sorted(order) and not all(
            self._stays(there, here) for there, here in pairs
        )

    @property
    def strayed(self) -> Part | None:
        """Return a denial or limit that left the statement it stood in."""
        for (there, here), parts in self.moved.items():
            limits = [part for part in parts if part.kind == "operator"]
            others = sum(
                len(self._words(there, at))
                for at in range(len(self.ours))
                if at != here
            )
            if limits and others and not self._words(there, here):
                return limits[0]
        return None

    def _words(self, there: int, here: int, *, of_figures: bool = True) -> list[Part]:
        return [
            part
            for part in self.moved.get((there, here), ())
            if part.kind != "operator" and (of_figures or part.figure is None)
        ]

    def _stays(self, there: int, here: int) -> bool:
        """Tell whether anything but figures is said of it as it was."""
        parts = self.moved.get((there, here), ())
        return any(part.figure is None for part in parts)

    def _figures(self) -> list[tuple[int, int]]:
        """Return in which stretch of the sentence each figure of the source heads."""
        found = []
        for there, stretch in enumerate(self.theirs):
            heads = [
                at for at, one in enumerate(self.ours) if is_same(one[0], stretch[0])
            ]
            if len(heads) == 1:
                found.append((there, heads[0]))
        return found if min(len(self.ours), len(self.theirs)) > 1 else []


def _places(part: Part, stretches: Sequence[Stretch]) -> list[int]:
    return [
        at
        for at, stretch in enumerate(stretches)
        if any(_is_alike(part, other) for other in stretch)
    ]


def _is_alike(one: Part, other: Part) -> bool:
    if "operator" in {one.kind, other.kind}:
        return one.kind == other.kind and min(one.senses) == min(other.senses)
    return is_same(one, other)
