"""Who does what, and when, in a sentence read by sense."""

from __future__ import annotations

from collections.abc import Iterator

from subak.knowledge.checking.lexicon import DENIAL
from subak.knowledge.checking.sense import Part, Reading


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DIRECTIONS = _set("from to into by against between outside for with")
_PAST = _set(
    "was were had did fell rose grew took gave became began went came saw wrote drew"
    " broke chose drove spoke shrank stood"
)
_PARTICIPLES = _set(
    "made paid sold bought spent lost won met kept built sent told led said held"
    " given taken found cut put set left known shown drawn chosen written"
)
_FINITE = _set("is are has have do does can may must should will shall needs need")
_AUXILIARY = _set("is are was were be been being has have had")


def direction_of(part: Part) -> str:
    return part.preposition if part.preposition in _DIRECTIONS else ""


def role_of(reading: Reading, part: Part) -> str:
    """Return "tied" by a preposition or 's, "subject" or "object"."""
    at = reading.parts.index(part)
    following = reading.parts[at + 1 : at + 2]
    if part.preposition or (following and following[0].text == "'s"):
        return "tied"
    if following and following[0].kind == "sense":
        return "tied" if not acts(reading, part) else "subject"
    is_first = not any(other.kind == "sense" for other in _clause(reading, at))
    return "subject" if is_first else "object"


def _clause(reading: Reading, at: int) -> Iterator[Part]:
    for part in reversed(reading.parts[:at]):
        if part.text == "," or part.text in {"that", "which", "who", "and"}:
            return
        yield part


def acts(reading: Reading, part: Part) -> bool:
    """Tell whether a verb of sense follows the name at once: "Kenya reaches"."""
    at = reading.parts.index(part)
    following = reading.parts[at + 1 : at + 2]
    if not following or following[0].kind != "sense" or is_adjective(reading, part):
        return False
    return following[0].text.endswith(("s", "ed")) and not following[0].is_proper


def suffers(reading: Reading, part: Part) -> bool:
    """Tell whether something is done to the one named: "Germany is granted ..."."""
    if part.preposition:
        return False
    at = reading.parts.index(part)
    is_passive = False
    for after in reading.parts[at + 1 : at + 5]:
        if after.kind == "small" and after.text in _AUXILIARY - {"has", "have", "had"}:
            is_passive = True
        elif DENIAL not in after.senses:
            return is_passive and is_ed_form(after)
    return False


def is_adjective(reading: Reading, part: Part) -> bool:
    """Tell whether it is "Canadian" before a word rather than "Canada"."""
    at = reading.parts.index(part)
    following = reading.parts[at + 1 : at + 2]
    lexicon = reading.lexicon
    is_place = bool(part.senses & lexicon.places) and (
        lexicon.key(part.text) not in lexicon.countries
    )
    is_before = bool(following) and following[0].kind == "sense"
    return is_place and is_before and not part.preposition


def is_done(reading: Reading, part: Part) -> bool:
    """Tell whether the word is a participle with "be" or "have" before it."""
    if not is_ed_form(part):
        return False
    at = reading.parts.index(part)
    for before in reversed(reading.parts[max(0, at - 3) : at]):
        if before.kind == "small" and before.text in _AUXILIARY:
            return True
        if before.kind not in {"light", "small"} and DENIAL not in before.senses:
            return False
    return False


def has_object(reading: Reading, part: Part) -> bool:
    at = reading.parts.index(part)
    following = [one for one in reading.parts[at + 1 : at + 4] if one.kind != "small"]
    return (
        bool(following)
        and not following[0].preposition
        and (following[0].kind == "sense")
    )


def has_bare_object(reading: Reading, verb: Part) -> bool:
    """Tell whether a thing follows the participle at once: "is paid a fee"."""
    after = reading.parts[reading.parts.index(verb) + 1 :]
    first = next((part for part in after if part.kind != "small"), None)
    return first is not None and first.kind == "sense" and not first.preposition


def bare_before(reading: Reading, part: Part) -> Part | None:
    at = reading.parts.index(part)
    for other in reversed(reading.parts[:at]):
        if other.kind == "sense" and not other.preposition:
            return other
    return None


def is_same_verb(one: Part, other: Part) -> bool:
    if "light" in {one.kind, other.kind}:
        return one.token.stem == other.token.stem
    return one.kind == other.kind == "sense" and one.says(other)


def is_ed_form(part: Part) -> bool:
    return part.text.endswith("ed") or part.text in _PARTICIPLES


def is_finite_ed(reading: Reading, part: Part) -> bool:
    return not is_done(reading, part) and _is_verb_ed(reading, part)


def _is_verb_ed(reading: Reading, part: Part) -> bool:
    """Tell whether a word in -ed may be a finite verb: no noun follows at once."""
    if not is_ed_form(part) or part.preposition:
        return False
    at = reading.parts.index(part)
    if not at or reading.parts[at - 1].kind not in {"sense", "light"}:
        return False
    following = reading.parts[at + 1 : at + 2]
    return not following or following[0].kind != "sense" or following[0].is_proper


def times_of(reading: Reading) -> set[str]:
    words = [part.text for part in reading.parts]
    found = {"past"} if _PAST & set(words) else set()
    finite = bool(_FINITE & set(words))
    if not finite and any(is_finite_ed(reading, part) for part in reading.meant):
        follows = any(_is_verb_ed(reading, part) for part in reading.meant)
        found |= {"past"} if follows else set()
    return found
