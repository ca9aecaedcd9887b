"""Outdated: values of a series for which the text also gives a newer one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from subak.knowledge.facts.candidates import Candidate, is_year
from subak.knowledge.facts.role import series_of
from subak.knowledge.text.reading import ReadUnit

# An entry of a list of years: "2010: raised to 7 %".
_ENTRY = re.compile(r"[^\w|]*((?:1[5-9]|20)\d\d)\b(?!\s*[-–/]\s*\d)")


def is_outdated(candidate: Candidate, others: Sequence[Candidate]) -> Candidate | None:
    """Return the newer value of the same series, None when this is the newest."""
    if later := _later_entry(candidate, others):
        return later
    if candidate.year is None:
        return None
    name = series_of(candidate.unit, candidate.place)
    for other in others:
        is_newer = other.year is not None and other.year > candidate.year
        if (
            is_newer
            and not other.objection
            and not is_year(other)
            and series_of(other.unit, other.place) == name
        ):
            return other
    return None


def _later_entry(candidate: Candidate, others: Sequence[Candidate]) -> Candidate | None:
    """Return a value that a list of years gives under a later one: "2010: ..."."""
    own = _entry_year(candidate.unit)
    for other in others if own else ():
        is_usable = not (other.objection or is_year(other))
        if is_usable and _entry_year(other.unit) > own:
            return other
    return None


def _entry_year(unit: ReadUnit) -> int:
    """Return the year that a unit, or a sentence right before it, begins with."""
    texts = (unit.text, *(each.text for each, _ in unit.leads))
    found = (_ENTRY.match(text) for text in texts)
    return next((int(each[1]) for each in found if each), 0)
