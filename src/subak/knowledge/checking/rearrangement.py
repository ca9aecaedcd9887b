"""Rearrangement: does one clause say what another says, its phrases in another order?

A phrase is what a preposition governs; what stands bare is subject, verb and object.
Each preposition has to govern the same things in the same order, and what stands bare
keeps its order, after a passive with a doer is turned into the active.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from subak.knowledge.checking.bounds import (
    BOUNDS,
    is_currency,
    is_date,
    is_met,
    owners_of,
    states_same,
)
from subak.knowledge.checking.directed import is_directed
from subak.knowledge.checking.doing import (
    has_bare_object,
    is_done,
    is_ed_form,
    times_of,
)
from subak.knowledge.checking.sense import MONTHS, Part, Reading


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BE = _set("is are was were be been being è sono era erano viene vengono")
_FIGURE_TIES = _set("of at di del al sebesar '")
_DATE_TIES = _set("in on of for during since as pada di nel per del dal")
_OWNING = _set("of di del della dell dei degli delle dello 's")
_PLACING = _set("in nel nello nella nell nei negli nelle di")
_FILLERS = _set(
    "rate rates level figure amount value current currently now present today presently"
    " in country here there which what whose also too as total apply applies applied"
    " applicable those these this aliquota tarif nilai jumlah itu applica applicano"
)
_ALL_TIES = _set(
    "of at in on for from to into by per with during since as under between within"
    " di del al dal da per in nel pada dari ke menjadi hingga"
)
_RELATIVE = _set("that which who")
_BINDING = _set("on for by during")
_FREE = _set("again already still")
_PERIODS = _set("peryear permonth perweek perday perhour percapita")
_OWNER = "of_"  # "Chile's output of copper" is the output of copper of Chile
_ITALIAN_PARTICIPLE = re.compile(r"\w{3,}(?:at|it|ut)[aoei]")
_INDONESIAN_PASSIVE = re.compile(r"di\w{4,}(?:kan|i)?")
_LEAST_VERB = 5
_IRREGULAR = {  # stems of infinitives, as "pays" is compared
    **dict.fromkeys(("paid", "pays", "pay"), "pay"),
    **dict.fromkeys(("gave", "given", "gives", "give"), "give"),
    **dict.fromkeys(("held", "hold", "holds"), "hold"),
    **dict.fromkeys(("made", "make", "makes"), "make"),
    **dict.fromkeys(("took", "taken", "take", "takes"), "take"),
    **dict.fromkeys(("found", "find", "finds"), "find"),
}
_DATIVE = _set("pay pai paid giv gav given grant offer send sent issu award provid")


@dataclass(frozen=True)
class Clause:
    """The parts of a clause by what governs them.

    Args:
        governed: What stands under each preposition, in order; "" is bare.
        is_suffering: True for "is paid a fee": something done to the subject.
        passive: The participle of a passive.
    """

    governed: Mapping[str, Sequence[Part]]
    is_suffering: bool
    passive: Part | None = None


def rearranges(said: Reading, source: Reading, *, is_free: bool) -> bool:
    """Tell whether a clause holds the phrases of another one and no others.

    Args:
        is_free: True where both texts speak of one place only, as owner or scene.
    """
    ours, theirs = _clause(said, is_free=is_free), _clause(source, is_free=is_free)
    if ours.is_suffering != theirs.is_suffering:
        return False
    if not (_is_each_marked(theirs) or _binds_alike(said, source)):
        return False
    turned = [verb for verb in (ours.passive, theirs.passive) if verb is not None]
    return _is_one_time(said, ours, source, theirs) and any(
        _equal(first, second, turned)
        for first in _datives(ours)
        for second in _datives(theirs)
    )


def _is_one_time(said: Reading, ours: Clause, source: Reading, theirs: Clause) -> bool:
    """Tell whether both speak of one time: "were raised" is "raised", not "are"."""
    for clause, passive, active in ((ours, said, source), (theirs, source, said)):
        if clause.passive is None or (ours.passive and theirs.passive):
            continue
        verb = next((one for one in active.parts if _same(one, clause.passive)), None)
        if verb is not None and is_ed_form(verb) and not is_done(active, verb):
            return "past" in times_of(passive)
    return times_of(said) == times_of(source)


def has_free_place(said: Reading, source: Reading) -> bool:
    """Tell whether both speak of one place, as an owner or a scene, not a party."""
    found: list[Part] = []
    for reading in (said, source):
        places = [part for part in reading.meant if _is_place(part, reading)]
        if len({part.senses for part in places}) != 1:
            return False
        if any(_is_directed(reading, at) for at in range(len(reading.parts))):
            return False
        found.append(places[0])
    return found[0].says(found[1])


def _is_directed(reading: Reading, at: int) -> bool:
    """Tell whether it is an "export", not an "export duty"."""
    following = reading.parts[at + 1 : at + 2]
    is_head = not following or following[0].kind not in {"sense", "light"}
    return is_head and is_directed(reading.parts[at])


def _is_place(part: Part, reading: Reading) -> bool:
    return bool(part.senses & reading.lexicon.places)


def _clause(reading: Reading, *, is_free: bool) -> Clause:
    phrases = [_placed(phrase, reading, is_free=is_free) for phrase in _cut(reading)]
    verb, is_passive = _passive(reading)
    if is_free and not is_passive:
        phrases = _scene_of_subject(phrases, reading)
    governed: dict[str, list[Part]] = {}
    for marker, parts in phrases:
        governed.setdefault(marker, []).extend(parts)
    if owners := governed.pop(_OWNER, None):
        governed["of"] = [*governed.get("of", ()), *owners]
    if is_free:
        governed.pop("@", None)  # one place in the whole of both: it is the scene
    bare = governed.get("", [])
    is_suffering = False
    if verb is not None and verb in bare:
        at = start = bare.index(verb)
        while start and bare[start - 1].kind == "operator":
            start -= 1
        doer = governed.pop("by", [])
        subject, doing, rest = bare[:start], bare[start : at + 1], bare[at + 1 :]
        is_suffering = not doer and has_bare_object(reading, verb)
        governed[""] = [*doer, *doing, *subject, *rest]
    return Clause(
        {marker: parts for marker, parts in governed.items() if parts},
        is_suffering,
        verb,
    )


def _cut(reading: Reading) -> Iterator[tuple[str, list[Part]]]:
    """Yield what each preposition governs, in order; bare words have ""."""
    parts = reading.parts
    bounds = {id(part) for figure in reading.figures for part in _with(reading, figure)}
    described = ""  # by a relative clause: "on refunds that are late"
    is_single = sum(not is_date(figure) for figure in reading.figures) < 2
    for at, part in enumerate(parts):
        if part.kind == "mark":
            described = ""
        elif part.text in _RELATIVE and at and parts[at - 1].kind == "sense":
            described = _canonical(parts[at - 1].preposition)
        if described and part.kind not in {"small", "mark"}:
            yield described, [part]
            continue
        if part.kind in {"mark", "small"} or _is_filler(part) or id(part) in bounds:
            continue
        if part.kind == "figure":
            yield _figure_tie(reading, at), [*_with(reading, part), part]
        elif part.kind == "operator" and part.senses <= _FREE:
            yield "adverb", [part]
        elif is_single and part.senses <= _PERIODS:
            yield "period", [part]
        elif _is_month(part):
            yield "month", [part]
        else:
            following = parts[at + 1 : at + 2]
            owner = bool(following) and following[0].text == "'s"
            marker = _canonical(part.preposition or _before_light(parts, at))
            yield _OWNER if owner else marker, [part]


def _before_light(parts: Sequence[Part], at: int) -> str:
    """Return the preposition right before a word that says little: "during term"."""
    if parts[at].kind != "light" or not at:
        return ""
    before = parts[at - 1]
    return before.text if before.kind == "small" and before.text in _ALL_TIES else ""


def _is_month(part: Part) -> bool:
    return part.kind == "sense" and part.text in MONTHS


def _with(reading: Reading, figure: Part) -> list[Part]:
    """Return what bounds a figure and its currency: they move with it."""
    at = reading.parts.index(figure)
    found: list[Part] = []
    for part in reversed(reading.parts[max(0, at - 4) : at]):
        if part.kind in {"operator", "sense"} and part.senses & BOUNDS:
            found.insert(0, part)
        elif is_currency(part):
            found.append(part)
        elif part.kind != "small" and not _is_month(part):
            break
    after = reading.parts[at + 1 : at + 2]
    found += [part for part in after if is_currency(part)]
    return sorted(found, key=is_currency)


def _figure_tie(reading: Reading, at: int) -> str:
    part, before = reading.parts[at], ""
    for other in reversed(reading.parts[:at]):
        if other.kind == "small" and other.text in _ALL_TIES:
            before = other.text
            break
        if other.kind == "mark" or not (
            other.kind == "small"
            or is_currency(other)
            or other.senses & BOUNDS
            or _is_filler(other)
        ):
            break
    if is_date(part):
        return "date" if before in _DATE_TIES or not before else f"date:{before}"
    return "=" if not before or before in _FIGURE_TIES else f"={before}"


def _canonical(preposition: str) -> str:
    if preposition in _OWNING:
        return "of"
    return "in" if preposition in _PLACING else preposition


def _is_filler(part: Part) -> bool:
    return part.kind == "light" and part.text in _FILLERS


def _placed(
    phrase: tuple[str, list[Part]], reading: Reading, *, is_free: bool
) -> tuple[str, list[Part]]:
    marker, parts = phrase
    if is_free and marker in {"of", "in", _OWNER} and _is_place(parts[0], reading):
        return "@", parts
    return phrase


def _scene_of_subject(
    phrases: Sequence[tuple[str, list[Part]]], reading: Reading
) -> list[tuple[str, list[Part]]]:
    """A place that does something is where it is done: "Italy taxes ..."."""
    found = list(phrases)
    for at, (marker, parts) in enumerate(found):
        if marker == "":
            if _is_place(parts[0], reading):
                found[at] = ("@", parts)
            break
    return found


def _passive(reading: Reading) -> tuple[Part | None, bool]:
    """Return the participle after a form of "be", and whether there is one."""
    parts = reading.parts
    has_doer = any(part.preposition == "by" for part in parts)
    for at, part in enumerate(parts):
        if has_doer and _INDONESIAN_PASSIVE.fullmatch(part.text):
            return part, True
        if part.text not in _BE:
            continue
        for after in parts[at + 1 : at + 4]:
            if after.kind in {"sense", "light"}:
                if is_ed_form(after) or _ITALIAN_PARTICIPLE.fullmatch(after.text):
                    return after, True
                break
    return None, False


def _equal(
    ours: Mapping[str, Sequence[Part]],
    theirs: Mapping[str, Sequence[Part]],
    turned: Sequence[Part],
) -> bool:
    if ours.keys() != theirs.keys():
        return False
    return all(_same_row(ours[marker], theirs[marker], turned) for marker in ours)


def _same_row(
    ours: Sequence[Part], theirs: Sequence[Part], turned: Sequence[Part]
) -> bool:
    if len(ours) != len(theirs):
        return False
    for one, other in zip(ours, theirs, strict=True):
        is_turned = any(one is verb or other is verb for verb in turned)
        if is_ed_form(one) != is_ed_form(other) and not is_turned:
            return False
        if not _same(one, other):
            return False
    return True


def _same(one: Part, other: Part) -> bool:
    if one.figure or other.figure:
        return states_same(one, other)
    if _is_same_verb(one.text, other.text):
        return True
    if "light" in {one.kind, other.kind}:
        return one.kind == other.kind and _verb(one) == _verb(other)
    return one.kind == other.kind and one.says(other)


def _verb(part: Part) -> str:
    return _IRREGULAR.get(part.text, part.token.stem)


def _is_same_verb(one: str, other: str) -> bool:
    """Tell whether an active and a passive form are of one verb, in it and id."""
    for active, passive in ((one, other), (other, one)):
        if _ITALIAN_PARTICIPLE.fullmatch(passive) and len(active) > _LEAST_VERB:
            stem = passive[:-3]
            if len(stem) >= _LEAST_VERB and active.startswith(stem):
                return True
        if _INDONESIAN_PASSIVE.fullmatch(passive) and active.startswith("me"):
            root = passive[3:]
            if len(root) >= _LEAST_VERB and active.endswith(root):
                return True
    return False


def _is_each_marked(clause: Clause) -> bool:
    """Tell whether each figure has its own preposition: "from 10 % to 12 %"."""
    return all(
        sum(part.figure is not None and not is_date(part) for part in parts) < 2
        for parts in clause.governed.values()
    )


def _binds_alike(said: Reading, source: Reading) -> bool:
    """With several figures, each belongs to what it belonged to."""
    plain = [part for part in source.figures if not is_date(part)]
    if len(plain) < 2:
        return True
    ties = _tie_counts(said).items() & _tie_counts(source).items()
    if any(count == len(plain) for _, count in ties):
        return True  # each has its own phrase: "15 % on dividends, 10 % on interest"
    ours = zip(said.figures, owners_of(said), strict=True)
    theirs = list(zip(source.figures, owners_of(source), strict=True))
    return all(
        any(states_same(part, one) and is_met(owner, other) for one, other in theirs)
        for part, owner in ours
    )


def _tie_counts(reading: Reading) -> Mapping[str, int]:
    """Return how often each preposition governs something else than a figure."""
    return Counter(
        part.text
        for part, following in pairwise(reading.parts)
        if part.kind == "small" and part.text in _BINDING and following.figure is None
    )


def _datives(clause: Clause) -> Iterator[Mapping[str, Sequence[Part]]]:
    """Yield the clause with "to" whom a thing is given put behind the verb."""
    yield clause.governed
    verbs = [part for part in clause.governed.get("", ()) if _gives(part)]
    taker = list(clause.governed.get("to", ()))
    if len(verbs) != 1 or not taker or any(part.figure for part in taker):
        return
    bare = list(clause.governed[""])
    at = bare.index(verbs[0]) + 1
    rest = {mark: row for mark, row in clause.governed.items() if mark != "to"}
    yield {**rest, "": [*bare[:at], *taker, *bare[at:]]}


def _gives(part: Part) -> bool:
    return part.token.stem in _DATIVE and part.kind in {"light", "sense"}
