"""Subjects: who the sentence is about does not change places with another thing."""

from __future__ import annotations

from subak.knowledge.checking.bounds import is_currency
from subak.knowledge.checking.sense import Part, Reading


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_OBLIQUE = _set("to from with by against on of")
_EITHER_WAY = _set("applies apply applied subject")


def subject_problem(said: Reading, source: Reading) -> str:
    """Return whether the subject and what a preposition governs were exchanged."""
    if problem := _doer_problem(said, source) or _doer_problem(source, said):
        return problem
    if said.is_passive != source.is_passive or source.claim.is_label:
        return ""
    if any(part.text in _EITHER_WAY for part in (*said.parts, *source.parts)):
        return ""
    ours, theirs = _first(said), _first(source)
    if ours is None or theirs is None or ours.says(theirs):
        return ""
    now, then = _find(said, theirs), _find(source, ours)
    if now is None or then is None:
        return ""
    if now.preposition in _OBLIQUE and (
        then.preposition in _OBLIQUE or _counts(source, then)
    ):
        return f'the sentence changes what "{theirs.token.surface}" does'
    return ""


def _first(reading: Reading) -> Part | None:
    return next(
        (part for part in reading.meant if not part.preposition and not part.is_proper),
        None,
    )


def _find(reading: Reading, part: Part) -> Part | None:
    return next((one for one in reading.meant if one.says(part)), None)


def _counts(reading: Reading, part: Part) -> bool:
    """Tell whether a number stands right before the word: "50 employees"."""
    at = reading.parts.index(part)
    return at > 0 and reading.parts[at - 1].kind == "figure"


def _doer_problem(active: Reading, passive: Reading) -> str:
    """By whom something is done there has to stand first where he does it."""
    for doer in passive.meant:
        if doer.preposition != "by" or is_currency(doer):
            continue
        ours = _find(active, doer)
        if ours is None or ours.preposition == "by":
            continue
        first = next((part for part in active.meant if not part.preposition), None)
        if first is not None and not any(
            first.says(one) for one in passive.meant if one.preposition == "by"
        ):
            return f'the sentence changes what "{doer.token.surface}" does'
    return ""
