"""Exchanged: two names that traded places, or two figures that traded units.

"The Kenya of Central Bank" has every word of "the Central Bank of Kenya", and where one
known name may stand anywhere order alone does not tell them apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from subak.knowledge.checking.claim import Claim, Token
from subak.knowledge.checking.sense import CURRENCIES, MONTHS, Part, Reading
from subak.knowledge.text.language import Language

_OTHER_TIES = frozenset({"from", "to", "by", "on", "at", "with", "da", "dal", "dari"})
_SMALL = 3
_OWNING = frozenset({"of", "di", "del", "dell", "della"})


def names_problem(said: Claim, source: Claim, language: Language) -> str:
    """Return whether two names took each other's preposition; "" in a label."""
    if _beside_figures(source) - _beside_figures(said) and _trades(said, source):
        return "the sentence exchanges a name and what stands beside a figure"
    if source.is_label:
        return ""
    if language.code == "en" and _trades_nouns(said, source, language):
        return "the sentence exchanges two names"
    ours, theirs = _ties(said, language), _ties(source, language)
    changed = [
        stem
        for stem in theirs
        if stem in ours and ours[stem] != theirs[stem] and "'s" not in ours[stem]
    ]
    for one, other in combinations(changed, 2):
        if ours[one] == theirs[other] and ours[other] == theirs[one]:
            return "the sentence exchanges two names"
    return ""


def units_problem(said: Reading, source: Reading, matched: Mapping[int, int]) -> str:
    """Return whether a figure took the unit of another one.

    Args:
        matched: Which figure of the source each figure of the sentence states.
    """
    ours, theirs = _units(said), _units(source)
    for at, there in matched.items():
        unit = theirs[there]
        if unit is None or _says(ours[at], unit):
            continue
        others = (one for here, one in enumerate(ours) if here != at)
        is_shared = sum(_says(one, unit) for one in theirs) > 1
        if not is_shared and any(_says(one, unit) for one in others):
            return "the sentence gives the unit of a figure to another one"
    return ""


def _trades_nouns(said: Claim, source: Claim, language: Language) -> bool:
    """Tell whether "the US dollar" of Panama became "the Panama dollar"."""
    ours, theirs = _described(said, language), _described(source, language)
    both = _named(said) & _named(source)
    return any(
        names & both and theirs[noun] & both and not names & theirs[noun]
        for noun, names in ours.items()
        if noun in theirs
    )


def _named(claim: Claim) -> set[str]:
    return {token.stem for at, token in enumerate(claim.tokens) if _is_name(token, at)}


def _described(claim: Claim, language: Language) -> Mapping[str, set[str]]:
    """Return the free names right before each word in small letters."""
    tokens = [token for token in claim.tokens if token.text != "'s"]
    found: dict[str, set[str]] = {}
    for at, (before, noun) in enumerate(pairwise(tokens)):
        is_noun = noun.kind == "word" and noun.surface.islower()
        if is_noun and len(noun.stem) > _SMALL and _is_name(before, at):
            if _tie(tokens, at, language):
                continue
            found.setdefault(noun.stem, set()).add(before.stem)
    return found


def _trades(said: Claim, source: Claim) -> bool:
    """Tell whether a name came to stand where a month or a currency stood."""
    return any(
        stem not in _beside_figures(source) and stem not in MONTHS | CURRENCIES
        for stem in _beside_figures(said, of_names=True)
    )


def _beside_figures(claim: Claim, *, of_names: bool = False) -> set[str]:
    """Return the months and currencies before figures, or the names there."""
    return {
        before.stem
        for at, (before, after) in enumerate(pairwise(claim.tokens))
        if after.figure
        and (_is_name(before, at) if of_names else before.stem in MONTHS | CURRENCIES)
    }


def _says(one: Part | None, other: Part | None) -> bool:
    return one is not None and other is not None and one.says(other)


def _units(reading: Reading) -> Sequence[Part | None]:
    """Return the word of sense that follows each figure at once, if any."""
    found: list[Part | None] = []
    for figure in reading.figures:
        at = reading.parts.index(figure)
        after = reading.parts[at + 1 : at + 2]
        is_unit = bool(after) and after[0].kind == "sense" and not after[0].preposition
        found.append(after[0] if is_unit else None)
    return found


def _ties(claim: Claim, language: Language) -> Mapping[str, str]:
    """Return what stands before each word that is written like a name, if it is one.

    An acronym that is owned or not ("VAT rate", "rate of VAT") tells nothing.
    """
    found: dict[str, str] = {}
    twice: set[str] = set()
    for at, token in enumerate(claim.tokens):
        if not _is_name(token, at):
            continue
        tie = _tie(claim.tokens, at, language)
        if tie in _OWNING and token.surface.isupper():
            tie = ""
        twice |= {token.stem} & found.keys()
        found[token.stem] = tie
    return {stem: tie for stem, tie in found.items() if stem not in twice}


def _is_name(token: Token, at: int) -> bool:
    if token.kind == "name":
        return True
    return token.kind == "word" and at > 0 and token.surface[:1].isupper()


def _tie(tokens: Sequence[Token], at: int, language: Language) -> str:
    if at + 1 < len(tokens) and tokens[at + 1].text == "'s":
        return "'s"
    for before in reversed(tokens[:at]):
        if before.text in language.articles or _is_name(before, 1):
            continue
        is_tie = before.text in language.adjuncts or before.text in _OTHER_TIES
        return before.text if is_tie else ""
    return ""
