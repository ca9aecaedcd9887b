"""Succession: a value that the very next sentence replaces by another one.

"The law sets a rate of 10 %. Since 1999 that rate has been lowered to 7 %."
"""

from __future__ import annotations

import re

from subak.knowledge.text.reading import Reading, ReadUnit
from subak.knowledge.text.words import Span

_CHANGED = (
    r"(?:lowered|raised|cut|reduced|increased|changed|brought\s+down|halved|doubled"
    r"|ridott[ao]|abbassat[ao]|aumentat[ao]|portat[ao]|elevat[ao]"
    r"|diturunkan|dinaikkan|diubah|turun|naik)"
)
_REPLACES = re.compile(
    r"\b(?:that|this|the)\s+(?:rate|figure|percentage)\s+(?:\w+\s+){0,3}?"
    rf"(?:has\s+(?:since\s+|now\s+)?been|was|is)\s+(?:\w+ly\s+|now\s+)?{_CHANGED}\b"
    rf"|\bit\s+(?:has\s+(?:since\s+)?been|was)\s+(?:\w+ly\s+|later\s+|then\s+)?{_CHANGED}\b"
    rf"|\b(?:tale|questa|quest['’])\s*aliquota\s+è\s+(?:poi\s+)?stata\s+{_CHANGED}\b"
    rf"|\b(?:tarif|angka|persentase)\s+(?:itu|ini|tersebut)\s+(?:\w+\s+){{0,2}}{_CHANGED}\b",
    re.IGNORECASE,
)
_TO = re.compile(
    r"[^.;]{0,60}?\b(?:to|al(?:l['’])?|a|menjadi|ke)\s*(?=\d)", re.IGNORECASE
)


def is_superseded(reading: Reading, unit: ReadUnit, place: Span) -> bool:
    """Tell whether the next sentence of the paragraph gives the value's successor."""
    following = next(
        (
            each
            for each in reading.units
            if each.leads and each.leads[0][0].start == unit.unit.start
        ),
        None,
    )
    match = _REPLACES.search(following.text) if following else None
    to = _TO.match(following.text, match.end()) if following and match else None
    if following is None or to is None:
        return False
    if any(set(each.values) & _own(unit, place) for each in following.numbers):
        return False
    new = next((each for each in following.numbers if each.start >= to.end()), None)
    is_percent = any(each.percent for each in unit.numbers if each.start == place.start)
    return new is not None and new.percent == is_percent


def _own(unit: ReadUnit, place: Span) -> set[float]:
    return {
        value
        for each in unit.numbers
        if each.start == place.start
        for value in each.values
    }
