"""Ties: what binds a name to the rest of a sentence stays what it was.

"Aid from Italy" is not "aid to Italy", nor "Italy's investment" that in Italy. An
owner, a scene and the one who acts may stand for each other only where a single place
is spoken of: "Italy taxes", "is taxed in Italy".
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from subak.knowledge.checking.directed import is_directed
from subak.knowledge.checking.doing import (
    acts,
    is_adjective,
    is_done,
    is_ed_form,
    suffers,
)
from subak.knowledge.checking.rearrangement import has_free_place
from subak.knowledge.checking.sense import CURRENCIES, MONTHS, Part, Reading
from subak.knowledge.checking.stretches import is_same

_OWNING = frozenset({"of", "di", "del", "della", "dello", "dei", "degli", "delle"})
_SCENES = frozenset({"in", "at", "nel", "nella", "nell"})
_LOOSE = frozenset({"", "of", "in"})
_ORIGIN = _LOOSE | {"from"}
_FAR = 2
_SCALES = frozenset({"million", "billion", "trillion", "thousand"})


def ties_problem(said: Reading, source: Reading) -> str:
    """Return whether a name is bound in another way; "" if none is."""
    is_free = has_free_place(said, source)
    ours, named = list(_names(said)), list(_names(source))
    for theirs in named:
        same = [one for one in ours if one.says(theirs)]
        if len(same) > sum(one.says(theirs) for one in named):
            return f'the sentence says "{theirs.token.surface}" once more'
        if same and not any(
            _is_alike((said, one), (source, theirs), is_free=is_free) for one in same
        ):
            return f'the sentence changes what "{theirs.token.surface}" does'
    return ""


def tie_of(reading: Reading, part: Part) -> str:
    """Return what governs a part, an owner as "of", a scene as "in".

    A preposition further off ended at the verb between, which is not known as one.
    """
    at = place_of(reading, part)
    following = reading.parts[at + 1 : at + 2]
    if following and following[0].text == "'s":
        return "of"
    if is_adjective(reading, part):
        return "of"
    if not part.preposition or _distance(reading, at) >= _FAR:
        return ""
    if part.preposition in _OWNING:
        return "of"
    return "in" if part.preposition in _SCENES else part.preposition


def place_of(reading: Reading, part: Part) -> int:
    """Return where a part stands: this one, not another that says the same."""
    return next(at for at, one in enumerate(reading.parts) if one is part)


def _distance(reading: Reading, at: int) -> int:
    """Return how many words stand between a part and the preposition before it."""
    found = 0
    for before in reversed(reading.parts[:at]):
        if before.kind == "small" and before.text not in {"the", "a", "an"}:
            break
        found += before.kind in {"sense", "light"}
    return found


def _names(reading: Reading) -> Iterator[Part]:
    """Yield the names, of those of several words the first."""
    before: Part | None = None
    for part in reading.parts:
        is_name = part.is_proper and not part.senses & (CURRENCIES | MONTHS)
        is_begun = before is not None and (
            before.is_proper
            or before.text == "'s"
            or before.kind == "figure"
            or before.text in _SCALES
        )
        if part.kind == "sense" and is_name and not is_begun:
            yield part
        before = part


def _is_alike(
    ours: tuple[Reading, Part], theirs: tuple[Reading, Part], *, is_free: bool
) -> bool:
    one, other = tie_of(*ours), tie_of(*theirs)
    if one == other:
        return bool(one) or suffers(*ours) == suffers(*theirs)
    if {one, other} == {"", "by"}:
        return _is_turned(ours, theirs) or _is_turned(theirs, ours)
    if _describes_same(ours, theirs):
        return True
    if {one, other} <= _ORIGIN and _has_same_head(ours, theirs):
        return True
    if not {one, other} <= _LOOSE:
        return False
    if {one, other} == {"", "of"} and not is_free:
        return not acts(*ours) and not acts(*theirs)  # "IMF board", "board of the IMF"
    return is_free and _may_be_scene(ours, theirs) and _may_be_scene(theirs, ours)


def _has_same_head(ours: tuple[Reading, Part], theirs: tuple[Reading, Part]) -> bool:
    """Tell whether a name goes with the same thing: "Peru's port", "port in Peru".

    What goes somewhere is left out: "Italy's exports", "exports to Italy".
    """
    first, second = _heads(*ours), _heads(*theirs)
    return any(
        one.says(other) and not is_directed(one) and not is_directed(other)
        for one in first
        for other in second
    )


def _heads(reading: Reading, part: Part) -> list[Part]:
    """Return the words that a name may go with, those after it or the one before."""
    at = place_of(reading, part)
    following = reading.parts[at + 1 :]
    if (following and following[0].text == "'s") or is_adjective(reading, part):
        phrase = takewhile(
            lambda one: one.kind == "sense",
            following[1:] if following[0].text == "'s" else following,
        )
        return list(phrase)[:3]
    before = [one for one in reading.parts[:at] if one.kind == "sense"]
    return before[-1:]


def _is_turned(active: tuple[Reading, Part], passive: tuple[Reading, Part]) -> bool:
    """Tell whether one acts and by the other something is done."""
    reading, part = passive
    if tie_of(*active) or tie_of(*passive) != "by":
        return False
    done = [one for one in reading.parts[: place_of(*passive)] if is_ed_form(one)]
    return bool(done) and not part.senses & CURRENCIES and not suffers(*active)


def _describes_same(ours: tuple[Reading, Part], theirs: tuple[Reading, Part]) -> bool:
    """Tell whether it is a name before the same thing: "the Baku railway"."""
    first, second = _described(*ours), _described(*theirs)
    return first is not None and second is not None and first.says(second)


def _described(reading: Reading, part: Part) -> Part | None:
    following = reading.parts[place_of(reading, part) + 1 :]
    noun = next((one for one in following if not one.is_proper), None)
    if noun is None or noun.kind != "sense" or noun.text.endswith(("s", "ed")):
        return None
    return None if is_directed(noun) else noun


def _may_be_scene(one: tuple[Reading, Part], other: tuple[Reading, Part]) -> bool:
    """Tell whether what the name does there is done at the scene here."""
    reading, part = one
    if tie_of(*one) or not acts(*one):
        return True
    at = place_of(reading, part)
    verb = reading.parts[at + 1]
    return any(
        is_same(each, verb) and is_done(other[0], each) for each in other[0].parts
    )
