"""Clauses: a sentence cut into statements that each stand alone.

What a clause leaves to the one before it, its subject, is put back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from subak.knowledge.checking.sense import Part, Reading


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CONTRASTS = _set("while whereas mentre sedangkan")
_JOINTS = _set("and e ed dan")
_FINITE = _set(
    "is are was were has have had does do did è sono era erano ha hanno adalah ialah"
)
_OTHER_VERBS = _set(
    "costs applies requires includes covers expires contains lasts allows begins ends"
    " takes pays provides submits holds obtains publishes collects reports sends gives"
    " pay provide submit hold obtain register publish collect send give file return"
    " berlaku memiliki merupakan dikenakan dikenai costa dura scade vale"
)
_INDONESIAN_PASSIVE = re.compile(r"di\w{4,}kan")
_BE = _set("is are was were è sono")
_MODAL = _set("may must should will might plan")
_PRONOUNS = _set("it they")
_RELATIVE = _set("which who that che yang")


def clauses_of(reading: Reading) -> tuple[tuple[Reading, ...], ...]:
    """Return the statements of a sentence, each with its subject.

    A relative clause has several readings: what it speaks of may be any of the phrases
    that end where it begins.
    """
    found: list[tuple[Reading, ...]] = []
    before: list[Part] = []
    for parts in _cut(reading.parts):
        begin = 0
        while begin < len(parts) and parts[begin].kind == "mark":
            begin += 1
        clause = list(parts[begin:])
        if not clause:
            continue
        if found and clause[0].text in _RELATIVE:
            ways = [[*phrase, *clause[1:]] for phrase in _phrases(before)]
        elif found:
            clause = _with_subject(clause, before)
            ways = [clause]
        else:
            ways = [clause]
        if not found or clause[0].text not in _RELATIVE:
            before = clause
        found.append(tuple(replace(reading, parts=tuple(way)) for way in ways))
    return tuple(found)


def _with_subject(clause: list[Part], before: Sequence[Part]) -> list[Part]:
    subject = _subject(before)
    if _is_verb(clause[0]):
        is_bare = clause[0].kind != "operator" and not clause[0].text.endswith("s")
        modal = [part for part in before if part.senses & _MODAL][:1]
        return [*subject, *(modal if is_bare else ()), *clause]
    if _begins_with_participle(clause):
        return [*subject, *_helper(before), *clause]
    for at, part in enumerate(clause):
        if _is_verb(part):
            break
        if part.kind == "small" and part.text in _PRONOUNS:
            return [*clause[:at], *subject, *clause[at + 1 :]]
    return clause


def _phrases(parts: Sequence[Part]) -> Iterator[Sequence[Part]]:
    """Yield what ends at the end of a clause, from the last article on backwards."""
    for at in range(len(parts) - 1, -1, -1):
        part = parts[at]
        is_small = part.kind == "small" and part.text not in _FINITE
        if is_small or part.text.startswith("me"):
            yield parts[at + 1 :]
        elif _is_verb(part):
            return


def _cut(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Yield the parts between joints that join statements, not things."""
    begin = 0
    for at in range(len(parts)):
        if at < begin or not _joins(parts, begin, at):
            continue
        yield list(parts[begin:at])
        begin = at + 1
        while begin < len(parts) and _is_joint(parts[begin]):
            begin += 1
    yield list(parts[begin:])


def _is_joint(part: Part) -> bool:
    return part.text in _JOINTS | _CONTRASTS or part.text in {",", ";"}


def _joins(parts: Sequence[Part], begin: int, at: int) -> bool:
    part = parts[at]
    if part.text == ";":
        return True
    if part.text in _CONTRASTS:
        return at > 0 and parts[at - 1].text == ","
    if part.text == ",":
        following = parts[at + 1 : at + 3]
        if not following:
            return False
        is_relative = following[0].text in _RELATIVE
        return following[0].text in _CONTRASTS or (is_relative and at - begin > 1)
    if part.text not in _JOINTS:
        return False
    before, after = parts[begin:at], _until_joint(parts[at + 1 :])
    if not after or not any(_is_verb(one) for one in before):
        return False
    if after[0].text in _RELATIVE:
        return False
    is_stated = any(_is_verb(one) for one in after) and not any(
        one.text in _RELATIVE for one in after
    )
    return is_stated or (bool(_helper(before)) and _begins_with_participle(after))


def _until_joint(parts: Sequence[Part]) -> list[Part]:
    found: list[Part] = []
    for part in parts:
        if part.text in _JOINTS or part.text in {",", ";"}:
            break
        found.append(part)
    return found


def _is_verb(part: Part) -> bool:
    if part.text in _OTHER_VERBS or _INDONESIAN_PASSIVE.fullmatch(part.text):
        return True
    return (part.kind == "small" and part.text in _FINITE) or (
        part.kind == "operator" and bool(part.senses & _MODAL)
    )


def _is_participle(part: Part) -> bool:
    return part.kind in {"sense", "light"} and part.text.endswith(("ed", "ato", "ata"))


def _begins_with_participle(parts: Sequence[Part]) -> bool:
    """Tell whether it is "charged at 5 %" rather than "retired people"."""
    return _is_participle(parts[0]) and (
        len(parts) == 1 or parts[1].kind in {"small", "figure", "mark"}
    )


def _subject(parts: Sequence[Part]) -> list[Part]:
    """Return what stands before the verb, without phrases of time and place."""
    found: list[Part] = []
    for part in parts:
        if _is_verb(part):
            return found
        if found or (part.kind == "sense" and not part.preposition):
            found.append(part)
    return []


def _helper(parts: Sequence[Part]) -> list[Part]:
    """Return the form of "be" of a clause."""
    return [part for part in parts if part.kind == "small" and part.text in _BE][:1]
