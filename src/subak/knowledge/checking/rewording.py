"""Rewording: may a sentence be its source in other words, as far as code can tell?

Figures, names, denial, bounds, quantity, modality, time, causes and roles have to agree
as in a paraphrase. Only some of the other words may be strange to each other, about as
many on both sides and none the contrary of another: whether those mean the same is left
to a judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from subak.knowledge.checking.bounds import is_currency
from subak.knowledge.checking.derivation import is_derived
from subak.knowledge.checking.freely import Freely
from subak.knowledge.checking.sense import Part, Reading
from subak.knowledge.text.language import Language

_LEAST_SHARE = 0.5
_MOST_STRANGE = 5
_MOST_MORE = 2
_LEAST_DENIED = 4
_DENYING = {
    "en": ("un", "non", "in", "im", "ir", "il", "dis", "de", "mis", "anti", "counter"),
    "it": ("non", "in", "im", "ir", "il", "dis", "s", "anti", "contro"),
    "id": ("non", "anti"),
}


@dataclass(frozen=True)
class Rewording:
    """What code can tell against ``said`` being ``source`` in other words."""

    said: Reading
    source: Reading
    language: Language

    def problem(self) -> str:
        """Return the first thing against it, in words; "" where nothing is."""
        return self._strangeness() or Freely(*self.shared, self.language).part_problem()

    def open_problem(self) -> str:
        """Return what not even a judge may pass; "" where he may."""
        return self._strangeness() or Freely(*self.shared, self.language).firm_problem()

    def _strangeness(self) -> str:
        return self._amount() or self._kinds() or self._contraries()

    @property
    def is_moved_only(self) -> bool:
        """Tell whether no word of either is strange to the other."""
        return not any(self.strange)

    @cached_property
    def strange(self) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """Return what the sentence says and the source doesn't, and the reverse."""
        return (
            tuple(one for one in self.said.meant if not self._met(one, self.source)),
            tuple(one for one in self.source.meant if not self._met(one, self.said)),
        )

    @cached_property
    def shared(self) -> tuple[Reading, Reading]:
        """Return both without what is strange; words of one root share a sense."""
        return self._kept(self.said, self.source), self._kept(self.source, self.said)

    def _kept(self, reading: Reading, other: Reading) -> Reading:
        parts = tuple(self._joined(part, other) for part in reading.parts)
        return replace(reading, parts=tuple(filter(None, parts)))

    def _joined(self, part: Part, other: Reading) -> Part | None:
        if part.kind != "sense":
            return _with_limit(part)
        met = list(self._met(part, other))
        if not met:
            return None
        senses = part.senses.union(*(one.senses for one in met if one.kind == "sense"))
        return replace(part, senses=senses)

    def _met(self, part: Part, other: Reading) -> list[Part]:
        """Return what says the same there, or is made of the same root."""
        worded = [one for one in other.parts if one.kind in {"sense", "light"}]
        same = [one for one in worded if part.says(one)]
        if same or part.is_proper:
            return same
        return [
            one
            for one in worded
            if not one.is_proper
            and not self._opposed(part, one)
            and is_derived(part.text, one.text, self.language.code)
        ]

    def _opposed(self, one: Part, other: Part) -> bool:
        if one.says(other):
            return False
        lexicon = self.said.lexicon
        if one.senses & lexicon.actors and other.senses & lexicon.actors:
            return True
        return any(
            other.senses & lexicon.opposites.get(sense, frozenset())
            for sense in one.senses
        )

    def _amount(self) -> str:
        """Where something was said in other words, both sides have some of them."""
        added, left = self.strange
        if added and not left and not self._is_light(added, self.source, self.said):
            return f'the word "{added[0].token.surface}" is not in the source'
        if len(left) > 1 and not added:
            return f'the sentence leaves out "{left[0].token.surface}"'
        if len(added) > len(left) + _MOST_MORE or len(left) > len(added) + _MOST_MORE:
            return "the sentence says more or less than the source"
        for reading, strange in ((self.said, added), (self.source, left)):
            whole = len(reading.meant) + len(reading.figures)
            known = whole - len(strange)
            if len(strange) > _MOST_STRANGE or known < _LEAST_SHARE * whole:
                return "too little of the source is in the sentence"
        return ""

    def _is_light(
        self, strange: Sequence[Part], reading: Reading, other: Reading
    ) -> bool:
        """Tell whether a word that says little may stand for a strange one."""
        known = {part.token.stem for part in other.parts}
        return len(strange) == 1 and any(
            part.kind == "light" and part.token.stem not in known
            for part in reading.parts
        )

    def _kinds(self) -> str:
        """What could be a name, a unit, a judgement or a reason is never only words."""
        language = self.language
        claiming = language.causes | language.judgements | language.limits
        claiming |= language.denials | language.negations | language.scope
        for reading, strange in zip(
            (self.said, self.source), self.strange, strict=True
        ):
            for part in strange:
                surface = part.token.surface
                if part.is_proper or is_currency(part) or _is_like_name(surface):
                    return f'the name "{surface}" stands on one side only'
                if part is reading.parts[0] and not self._is_known(part):
                    return f'"{surface}" may be a name'
                if part.text in claiming or self._is_unreal(part):
                    return f'"{surface}" stands on one side only'
        if all(map(_counted, (self.said, self.source), self.strange)):
            return "the sentence counts something else"
        return ""

    def _is_unreal(self, part: Part) -> bool:
        pattern = _UNREAL.get(self.language.code, _UNREAL["en"])
        return pattern.fullmatch(part.text) is not None

    def _is_known(self, part: Part) -> bool:
        """Tell whether it is a word of the lexicon or made like one, so no name."""
        lexicon = self.said.lexicon
        return (lexicon.key(part.text),) in lexicon.phrases or bool(
            _COMMON.get(self.language.code, _COMMON["en"]).fullmatch(part.text)
        )

    def _contraries(self) -> str:
        """No strange word of one side excludes one of the other."""
        added, left = self.strange
        for one in added:
            for other in left:
                if self._excludes(one, other):
                    first, second = one.token.surface, other.token.surface
                    return f'"{first}" is the contrary of "{second}"'
        return ""

    def _excludes(self, one: Part, other: Part) -> bool:
        if one.says(other):
            return False
        code = self.language.code
        return self._opposed(one, other) or any(
            is_derived(bare, whole, code)
            for denied, whole in ((one.text, other.text), (other.text, one.text))
            for bare in _undenied(denied, code)
        )


def _counted(reading: Reading, strange: Sequence[Part]) -> bool:
    """Tell whether a strange word follows a figure at once: a unit, or what is."""
    return any(
        before.kind == "figure" and any(part is one for one in strange)
        for before, part in pairwise(reading.parts)
    )


# What is not yet, not any more, or not more than wanted.
_UNREAL = {
    "en": re.compile(
        r"(?:former|current|future|upcoming|previous|past|plann|propos|consider|discuss"
        r"|debat|mull|want|wish|hope|try|tri(?:ed|es)|urge|threat|promis|fail|attempt"
        r"|almost|nearly|alleg|claim)\w*|ask(?:s|ed|ing)?|request(?:s|ed|ing)?"
    ),
    "it": re.compile(
        r"ex|(?:attual|futur|precedent|propo[sn]|consider|discut|vorrebb|tent)\w*"
        r"|passat[oi]"
    ),
    "id": re.compile(
        r"mantan|sudah|telah|belum|akan|sedang|pernah|rencana|merencanakan|usul\w*"
        r"|mempertimbangkan|membahas|ingin|mencoba"
    ),
}


def _undenied(word: str, code: str) -> Iterator[str]:
    """Yield what a word denies if it begins or ends as such words do."""
    for begin in _DENYING.get(code, ()):
        if word.startswith(begin) and len(word) - len(begin) >= _LEAST_DENIED:
            yield word.removeprefix(begin)
    if code == "en" and word.endswith("less"):
        yield word.removesuffix("less")


# A first word made like these is written big for its place alone.
_COMMON = {
    "en": re.compile(
        r"\w{3,}(?:ances?|ences?|ments?|tions?|sions?|ings?|ities|ity|ages?|ness|ships?)"
        r"|\w{3,}(?:ers|ors|ies|ants|ents|ees|ists)",
        re.IGNORECASE,
    ),
    "it": re.compile(
        r"\w{3,}(?:zion[ei]|ment[oi]|ità|ori|anti|enti|ist[ie])", re.IGNORECASE
    ),
    "id": re.compile(r"\w{3,}(?:ran|kan|nya)", re.IGNORECASE),
}


def _is_like_name(surface: str) -> bool:
    return any(char.isdigit() for char in surface) or any(map(str.isupper, surface[1:]))


def _with_limit(part: Part) -> Part:
    """Within 30 days is 30 days at most."""
    if part.kind == "operator" and part.senses == {"within"}:
        return replace(part, senses=frozenset({"atmost"}))
    return part
