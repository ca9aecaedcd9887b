"""Givers: whoever gives, pays or owes in a source does so in the sentence as well."""

from __future__ import annotations

from subak.knowledge.checking.doing import is_ed_form
from subak.knowledge.checking.sense import Part, Reading


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_VERBS = {
    form: forms.split()[0]
    for forms in (
        "pay pays paid",
        "give gives gave given",
        "grant grants granted",
        "owe owes owed",
        "issue issues issued",
        "offer offers offered",
        "provide provides provided",
        "charge charges charged",
        "impose imposes imposed",
        "levy levies levied",
        "award awards awarded",
        "receive receives received",
    )
    for form in forms.split()
}
_BE = _set("is are was were be been being")
_JOINTS = frozenset({"and", "or", "which", "that", "who"})


def doer_problem(said: Reading, source: Reading) -> str:
    """Return whose part was changed; "" where it cannot be told or is the same."""
    for verb in sorted(set(_VERBS.values())):
        if max(_times(said, verb), _times(source, verb)) > 1:
            continue  # each clause has its own doer: what crosses tells
        ours, theirs = _doer(said, verb), _doer(source, verb)
        if ours is None or theirs is None or ours.says(theirs):
            continue
        if _follows(source, verb, ours) or _follows(said, verb, theirs):
            return f'the sentence changes who does what: "{ours.token.surface}"'
    return ""


def _doer(reading: Reading, verb: str) -> Part | None:
    """Return the bare word before an active form of the verb."""
    at = _place(reading, verb)
    if at is None:
        return None
    before = reading.parts[max(0, at - 3) : at]
    if is_ed_form(reading.parts[at]) and any(part.text in _BE for part in before):
        return None
    for part in reversed(reading.parts[:at]):
        if part.kind == "sense" and not part.preposition:
            return part
        if part.kind in {"figure", "mark", "light"} or part.text in _JOINTS:
            return None
    return None


def _follows(reading: Reading, verb: str, doer: Part) -> bool:
    at = _place(reading, verb)
    after = reading.parts[at + 1 :] if at is not None else ()
    return any(part.kind == "sense" and part.says(doer) for part in after)


def _place(reading: Reading, verb: str) -> int | None:
    for at, part in enumerate(reading.parts):
        if _VERBS.get(part.text) == verb:
            return at
    return None


def _times(reading: Reading, verb: str) -> int:
    return sum(_VERBS.get(part.text) == verb for part in reading.parts)
