"""tense_problem: does a sentence speak of the same time as its source?"""

from __future__ import annotations

from subak.knowledge.checking.bounds import classes_of, is_date
from subak.knowledge.checking.doing import (
    has_object,
    is_done,
    is_ed_form,
    is_finite_ed,
    is_same_verb,
    times_of,
)
from subak.knowledge.checking.sense import Part, Reading
from subak.knowledge.checking.ties import place_of
from subak.knowledge.text.language import Language

_TIMES = frozenset({"until", "since", "before", "after", "within"})
_PROBLEM = "the sentence speaks of another time"
_NOW = frozenset({"is", "are", "has", "have", "è", "sono", "ha", "hanno"})
_THEN = frozenset({"was", "were", "had", "did", "era", "erano", "aveva"})
_HELPING = 3


def tense_problem(said: Reading, source: Reading, language: Language) -> str:
    """Return why the sentence speaks of another time; "" if it does not."""
    if source.claim.is_label:
        return ""
    if problem := shift_problem(said, source):
        return problem
    ours, theirs = times_of(said), times_of(source)
    dated = any(is_date(part) for part in source.figures)
    bound = _TIMES & set(classes_of(source.operators))
    if ours == theirs or (dated and not bound and "past" not in ours ^ theirs):
        is_shifted = language.code == "en" and _shifts(said, source)
        return _PROBLEM if is_shifted and not dated else ""
    return "" if dated and not bound else _PROBLEM


def _shifts(said: Reading, source: Reading) -> bool:
    """Tell whether a verb alone changes its tense: "appoints", "appointed"."""
    for ours in said.parts:
        for theirs in source.parts:
            if not is_same_verb(ours, theirs):
                continue
            if is_finite_ed(said, ours) != is_finite_ed(source, theirs):
                return True
            if is_ed_form(ours) != is_ed_form(theirs) and _follows_alike(
                said, ours, source, theirs
            ):
                return True
    return False


def _follows_alike(said: Reading, ours: Part, source: Reading, theirs: Part) -> bool:
    """Tell whether the same word stands right before both: "Italy grants"."""
    before = said.parts.index(ours) - 1, source.parts.index(theirs) - 1
    if min(before) < 0:
        return False
    one, other = said.parts[before[0]], source.parts[before[1]]
    return one.kind == other.kind == "sense" and one.says(other)


def shift_problem(said: Reading, source: Reading) -> str:
    """Return whether something done is said to be so now, or the reverse."""
    times = []
    for reading in (said, source):
        words = {part.text for part in reading.parts}
        times.append((bool(words & _NOW), bool(words & _THEN)))
    if sorted(times) == [(False, True), (True, False)]:
        return _PROBLEM
    for ours in filter(is_ed_form, said.parts):
        for theirs in filter(is_ed_form, source.parts):
            if is_same_verb(ours, theirs) and _is_shifted(said, ours, source, theirs):
                return _PROBLEM
    return ""


def _is_shifted(said: Reading, ours: Part, source: Reading, theirs: Part) -> bool:
    times = (_helped(said, ours), _helped(source, theirs))
    if "now" not in times or times[0] == times[1]:
        return False
    if "then" in times:
        return True
    other, part = (said, ours) if times[1] == "now" else (source, theirs)
    return not is_done(other, part) and has_object(other, part)


def _helped(reading: Reading, part: Part) -> str:
    """Return of which time the "is" or "was" before a participle is; "" for none."""
    at = place_of(reading, part)
    for before in reversed(reading.parts[max(0, at - _HELPING) : at]):
        if before.text in _NOW | _THEN:
            return "now" if before.text in _NOW else "then"
    return ""
