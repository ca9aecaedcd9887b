"""Remainder: of values for one group each, the ordinary one is that for all others.

"4 years for EU nationals, 10 years for all others" requires ten years as a rule.
"""

from __future__ import annotations

import re

from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span

_REST = re.compile(
    r"\b(?:for|in)\s+(?:(?:all|any|the)\s+)?(?:others?|rest|remainder|other\s+cases)"
    r"(?=\s*(?:[.;,|)]|$))"
    r"|\bfor\s+every(?:one|body)\s+else\b"
    r"|\bper\s+(?:tutti\s+)?gli\s+altri(?=\s*(?:[.;,|)]|$))|\bnegli\s+altri\s+casi\b"
    r"|\b(?:untuk|bagi)\s+(?:semua\s+)?(?:yang\s+)?lain(?:nya)?\b|\bselebihnya\b",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"\s*(?:[^\W\d_]+\s+){0,2}?(?:for|per|untuk|bagi)\s+(?=[^\W\d_])", re.IGNORECASE
)


def is_remainder(unit: ReadUnit, place: Span) -> bool:
    """Tell whether the number there is the one for all who were not named."""
    return _remainder(unit) == place.start


def is_for_group(unit: ReadUnit, place: Span) -> bool:
    """Tell whether a number holds for some only, and another one for all others."""
    rest = _remainder(unit)
    if rest is None or rest == place.start:
        return False
    return _GROUP.match(unit.text, place.end) is not None


def _remainder(unit: ReadUnit) -> int | None:
    """Return where the number for all others stands; None where there is no such."""
    found = list(_REST.finditer(unit.text))
    if len(found) != 1 or len(unit.numbers) < 2:
        return None
    before = [number for number in unit.numbers if number.end <= found[0].start()]
    if len(before) < 2 or any(
        char in ";|" for char in unit.text[before[-1].end : found[0].start()]
    ):
        return None
    return before[-1].start
