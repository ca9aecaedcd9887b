"""Paraphrase: does a sentence say in other words just what its source says?

Compares by sense classes: nothing meant is added or left out; quantity, modality, time,
comparison and denial are the same and stand at the same place; nobody's part is
swapped. Whatever cannot be told is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from subak.knowledge.checking.between_figures import exchange_problem
from subak.knowledge.checking.bounds import (
    BOUNDS,
    bounds_of,
    carriers_of,
    classes_of,
    form_of,
    is_alike,
    is_date,
    is_met,
    is_other_money,
    owners_of,
    states_same,
)
from subak.knowledge.checking.doing import (
    acts,
    bare_before,
    direction_of,
    has_object,
    is_adjective,
    is_done,
    role_of,
    suffers,
)
from subak.knowledge.checking.exchanged import units_problem
from subak.knowledge.checking.givers import doer_problem
from subak.knowledge.checking.lexicon import DENIAL
from subak.knowledge.checking.neighbours import neighbours_problem
from subak.knowledge.checking.polarity import place_problem
from subak.knowledge.checking.rearrangement import has_free_place
from subak.knowledge.checking.sense import Part, Reading
from subak.knowledge.checking.subjects import subject_problem
from subak.knowledge.checking.tense import tense_problem
from subak.knowledge.text.language import Language


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


CARRIED = _set(
    f"{DENIAL} all most some many few only both if except until before after"
)
_ACTING = frozenset({"sense", "light", "operator"})
_ONE_WAY = frozenset({"from", "to", "into", "against"})
_SAYING = frozenset({"sense", "light"})
# Stems, as English words are compared.
_PARTIES = frozenset({"", "to", "from", "for", "with", "against"})
_GIVING = _set("pay pai paid giv gav given grant award owe issu offer provid confer")
_GETTING = _set("receiv get got take took tak taken gain collect obtain acquir")


@dataclass(frozen=True)
class Paraphrase:
    """What ``said`` says that ``source`` does not, or the reverse, by sense."""

    said: Reading
    source: Reading
    language: Language

    def problem(self) -> str:
        """Return the first difference that matters, in words; "" for none."""
        return (
            self._meanings()
            or tense_problem(self.said, self.source, self.language)
            or self.part_problem()
        )

    def part_problem(self) -> str:
        """Return what differs besides words and time: figures, limits, roles."""
        return (
            self._wording_problem()
            or neighbours_problem(self.said, self.source)
            or self._party_problem()
            or (
                not has_free_place(self.said, self.source)
                and place_problem(self.said.claim, self.source.claim, self.language)
            )
            or ""
        )

    def _wording_problem(self) -> str:
        """Return what differs in figures, limits, names and directions."""
        return (
            self._figures()
            or self._operators()
            or self._carriers()
            or self._bindings()
            or self._exchange()
            or self._directions()
            or self._propers()
            or self._actors()
            or self._reversal()
            or self._voice()
        )

    def _party_problem(self) -> str:
        """Return who changed places with whom."""
        return (
            doer_problem(self.said, self.source)
            or subject_problem(self.said, self.source)
            or exchange_problem(self.said, self.source)
        )

    def _meanings(self) -> str:
        ours = [part for part in self.said.parts if part.kind in _SAYING]
        theirs = [part for part in self.source.parts if part.kind in _SAYING]
        for part in self.said.meant:
            if not any(part.says(other) for other in theirs):
                return f'the word "{part.token.surface}" is not in the source'
        for part in self.source.meant:
            if not any(part.says(other) for other in ours):
                return f'the sentence leaves out "{part.token.surface}"'
        return ""

    @cached_property
    def _matched(self) -> dict[int, int]:
        """Return which figure of the source each figure of the sentence states."""
        found: dict[int, int] = {}
        for at, part in enumerate(self.said.figures):
            for there, other in enumerate(self.source.figures):
                if there not in found.values() and states_same(part, other):
                    found[at] = there
                    break
        return found

    def _figures(self) -> str:
        if len(self._matched) < len(self.said.figures):
            return "a figure is not in the source"
        if len(self._matched) < len(self.source.figures):
            return "the sentence leaves out a figure"
        for at, there in self._matched.items():
            ours, theirs = self.said.figures[at], self.source.figures[there]
            if bounds_of(self.said, ours) != bounds_of(
                self.source, theirs
            ) or is_other_money(self.said, ours, self.source, theirs):
                return "the sentence changes what holds for a figure"
        return units_problem(self.said, self.source, self._matched)

    def _operators(self) -> str:
        ours = Counter(classes_of(self.said.operators))
        theirs = Counter(classes_of(self.source.operators))
        for each in (ours, theirs):
            del each["while"]  # what only sets two statements side by side
            if each[DENIAL]:  # "has no", "does not have any"
                del each["any"]
        for name in sorted((ours - theirs) | (theirs - ours)):
            kind = "adds" if ours[name] > theirs[name] else "leaves out"
            return f'the sentence {kind} "{name}"'
        if "cause" in ours:
            return "the sentence words a cause anew"
        return ""

    def _carriers(self) -> str:
        """What is denied, counted or limited has to be the same thing."""
        is_joined = len(set(classes_of(self.source.operators))) > 1 and self._is_joined
        for name in sorted(set(classes_of(self.source.operators))):
            if name in BOUNDS or not (name in CARRIED or is_joined):
                continue
            ours = list(carriers_of(self.said, name))
            theirs = list(carriers_of(self.source, name))
            for one in ours:
                if not any(is_alike(one, other) for other in theirs):
                    return f'the sentence ties "{name}" to something else'
        return ""

    @cached_property
    def _is_joined(self) -> bool:
        joints = self.language.conjunctions - {","}
        return any(token.text in joints for token in self.source.claim.words)

    def _bindings(self) -> str:
        """With several figures, each has to stay with what it belongs to."""
        plain = [p for p in self.source.figures if p.token.figure and not is_date(p)]
        if len(plain) < 2 and not self._is_joined:
            return ""
        places = [
            there
            for at, there in sorted(self._matched.items())
            if not is_date(self.said.figures[at])
        ]
        bounds = {bounds_of(self.source, part) for part in plain}
        if len(plain) > 1 and len(bounds) == len(plain):
            return ""  # "from 5 to 6": each is known by its preposition
        if len({form_of(self.source, part) for part in plain}) == len(plain) > 1:
            return ""  # weeks and euros: none can be taken for another
        owned = {id(part) for part in owners_of(self.source) if part}
        if places != sorted(places) and len(owned) < len(plain):
            return "the sentence puts the figures in another order"
        ours, theirs = list(owners_of(self.said)), list(owners_of(self.source))
        for at, there in self._matched.items():
            if is_date(self.said.figures[at]):
                continue
            if not is_met(ours[at], theirs[there]):
                return "the sentence gives a figure to something else"
        return ""

    def _propers(self) -> str:
        names = [
            part
            for part in self.source.meant
            if part.is_proper
            or any(one.is_proper and one.says(part) for one in self.said.meant)
        ]
        for ours in self.said.meant:
            if ours.is_proper and ours.preposition in _ONE_WAY:
                same = [theirs for theirs in names if ours.says(theirs)]
                if not any(self._goes(ours, theirs) for theirs in same):
                    return f'the sentence changes what "{ours.token.surface}" does'
        pairs = list(self._paired(names))
        toggled = self.said.is_passive != self.source.is_passive
        for ours, theirs in pairs:
            if problem := self._tie(ours, theirs, toggled):
                return problem
        return self._order(pairs, toggled) if len(names) > 1 else ""

    def _goes(self, ours: Part, theirs: Part) -> bool:
        return theirs.preposition == ours.preposition or is_adjective(
            self.source, theirs
        )

    def _paired(self, named: Sequence[Part]) -> Iterator[tuple[Part, Part]]:
        """Yield each part of the source with the one of the sentence that says it."""
        left = list(self.said.meant)
        for theirs in named:
            ours = next((part for part in left if part.says(theirs)), None)
            if ours is None:
                ours = next(one for one in self.said.parts if one.says(theirs))
            else:
                left.remove(ours)
            yield ours, theirs

    def _exchange(self) -> str:
        """Words that carry little alone still tell giving from getting."""
        if self.language.code != "en":
            return ""
        ours = {part.token.stem for part in self.said.parts}
        theirs = {part.token.stem for part in self.source.parts}
        for one, other in ((_GIVING, _GETTING), (_GETTING, _GIVING)):
            if ours & one and not ours & other and theirs & other and not theirs & one:
                return "the sentence takes giving for getting"
        return ""

    def _directions(self) -> str:
        """What goes from, to or into a thing in both is the same thing."""
        for direction in ("from", "to", "into"):
            ours = [one for one in self.said.meant if one.preposition == direction]
            theirs = [one for one in self.source.meant if one.preposition == direction]
            if not is_alike(ours, theirs):
                return f'the sentence changes what "{direction}" stands before'
        return ""

    def _tie(self, ours: Part, theirs: Part, toggled: bool) -> str:
        first, second = direction_of(ours), direction_of(theirs)
        if first != second and not (
            is_adjective(self.said, ours)
            or is_adjective(self.source, theirs)
            or (toggled and self._is_doer(ours, theirs))
        ):
            return f'the sentence changes what "{theirs.token.surface}" stands for'
        if suffers(self.said, ours) != suffers(self.source, theirs):
            return f'the sentence changes what "{theirs.token.surface}" does'
        if role_of(self.said, ours) == "subject" and (
            role_of(self.source, theirs) == "object"
            or (
                role_of(self.source, theirs) == "tied"
                and acts(self.said, ours)
                and theirs.preposition != "by"
            )
        ):
            return f'the sentence changes what "{theirs.token.surface}" does'
        return ""

    def _is_doer(self, ours: Part, theirs: Part) -> bool:
        """Tell whether the one acts and by the other something is done."""
        if direction_of(ours) == "by":
            return (
                not direction_of(theirs) and role_of(self.source, theirs) == "subject"
            )
        return direction_of(theirs) == "by" and role_of(self.said, ours) == "subject"

    def _order(self, pairs: Sequence[tuple[Part, Part]], toggled: bool) -> str:
        directions = [direction_of(theirs) for _, theirs in pairs]
        if len(set(directions)) == len(directions) and not toggled:
            return ""
        places = [self.said.parts.index(ours) for ours, _ in pairs]
        if places == sorted(places) and not toggled:
            return ""
        if places == sorted(places, reverse=True) and toggled:
            return ""
        return "the sentence puts the names in another order"

    def _actors(self) -> str:
        actors = self.source.lexicon.actors
        named = [part for part in self.source.meant if part.senses & actors]
        if len({part.text for part in named}) < 2:
            return ""
        owners = [one for one in owners_of(self.source) if one is not None]
        if len(owners) > 1 and all(one in owners for one in named):
            return ""  # each is known by its figure
        pairs = list(self._paired(named))
        toggled = self.said.is_passive != self.source.is_passive
        if not toggled and any(
            direction_of(one) != direction_of(other) for one, other in pairs
        ):
            return "the sentence swaps who does what"
        return self._order(pairs, toggled)

    def _reversal(self) -> str:
        """Refuse "b does a" for "a does b": three words of sense turned round."""
        source = [part for part in self.source.parts if part.kind in _ACTING]
        places = [_place(self.said, part) for part in source]
        for first, middle, last in combinations(range(len(source)), 3):
            a, v, b = places[first], places[middle], places[last]
            if a is None or v is None or b is None or not b < v < a:
                continue
            ends = (source[first], source[last], self.said.parts[a], self.said.parts[b])
            through = self.said.parts[v].preposition  # a verb ends no phrase here
            if all(
                part.kind == "sense" and part.preposition in tied
                for parts, tied in (
                    (ends[2:], {"", "of", through}),
                    (ends[:2], _PARTIES),
                )
                for part in parts
            ):
                return "the sentence swaps who does what"
        return ""

    def _voice(self) -> str:
        for theirs in self.source.meant:
            for ours in self.said.meant:
                if not ours.says(theirs):
                    continue
                if is_done(self.said, ours) == is_done(self.source, theirs):
                    continue
                active = (self.said, ours)
                if is_done(self.said, ours):
                    active = (self.source, theirs)
                if not has_object(*active):
                    continue
                before = bare_before(self.said, ours)
                other = bare_before(self.source, theirs)
                if before and other and before.says(other):
                    return "the sentence changes the voice"
        return ""


def _place(reading: Reading, part: Part) -> int | None:
    for at, other in enumerate(reading.parts):
        if other.kind == part.kind and (
            other.token.stem == part.token.stem
            if part.kind == "light"
            else other.says(part)
        ):
            return at
    return None
