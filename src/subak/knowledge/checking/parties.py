"""Parties: who acts or gets in a source does so in the sentence as well."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from subak.knowledge.checking.doing import is_done, suffers
from subak.knowledge.checking.sense import Part, Reading
from subak.knowledge.checking.stretches import clauses, is_same
from subak.knowledge.checking.ties import tie_of

_LISTING = frozenset({"or", "any", "all", "both"})
_JOINTS = frozenset({"and", "e", "ed", "dan"})
_SWAPPED = "the sentence swaps who does what"


def parties_problem(said: Reading, source: Reading) -> str:
    """Return whether two parts took each other's place; "" if none did."""
    pairs = _pairs(said, source)
    for theirs, ours in pairs:
        sufferings = {_suffers(said, ours), _suffers(source, theirs)}
        if theirs.is_proper and sufferings == {True, False}:
            return f'the sentence changes what "{theirs.token.surface}" does'
    if _trades_ties(said, source, pairs) or _turns_round(said, source, pairs):
        return _SWAPPED
    if said.is_passive != source.is_passive and _is_joined(said) and _is_joined(source):
        return "the sentence turns one of two statements"
    return ""


def _pairs(said: Reading, source: Reading) -> list[tuple[Part, Part]]:
    """Return the parts of the source that the sentence says once, as it does itself."""
    found = []
    for part in source.parts:
        if part.kind not in {"sense", "light", "operator"} or part.senses & _LISTING:
            continue
        ours = [one for one in said.parts if is_same(one, part)]
        if len(ours) == 1 and sum(is_same(one, part) for one in source.parts) == 1:
            found.append((part, ours[0]))
    return found


def _trades_ties(
    said: Reading, source: Reading, pairs: Sequence[tuple[Part, Part]]
) -> bool:
    """Tell whether two parts exchanged what governs them: "from A", "to B"."""
    meant = [
        (tie_of(source, theirs), tie_of(said, ours))
        for theirs, ours in pairs
        if theirs.kind == "sense"
    ]
    return any(
        then != other_then and now == other_then and other_now == then
        for (then, now), (other_then, other_now) in combinations(meant, 2)
    )


def _turns_round(
    said: Reading, source: Reading, pairs: Sequence[tuple[Part, Part]]
) -> bool:
    """Tell whether "a does b" became "b does a"; a passive may turn them."""
    is_turned = said.is_passive != source.is_passive
    ours = {id(part): at for at, part in enumerate(said.parts)}
    stretches = clauses(source)
    for (a, first), (verb, middle), (b, last) in combinations(pairs, 3):
        if not ours[id(last)] < ours[id(middle)] < ours[id(first)]:
            continue
        if is_turned and is_done(said, middle) != is_done(source, verb):
            continue
        is_bare = not any(
            (
                tie_of(source, a),
                tie_of(source, b),
                tie_of(said, first),
                tie_of(said, last),
            )
        )
        if is_bare and a.kind == b.kind == "sense" and _is_one(stretches, a, b):
            return True
    return False


def _is_joined(reading: Reading) -> bool:
    """Tell whether a second verb may share the subject of the first."""
    return len(clauses(reading)) == 1 and any(
        part.text in _JOINTS for part in reading.parts
    )


def _is_one(stretches: Sequence[Sequence[Part]], one: Part, other: Part) -> bool:
    """Tell whether both stand in the same statement."""
    return any(
        any(part is one for part in stretch) and any(part is other for part in stretch)
        for stretch in stretches
    )


def _suffers(reading: Reading, part: Part) -> bool | None:
    """Tell whether something is done to a name; None where it stands tied."""
    return None if tie_of(reading, part) else suffers(reading, part)
