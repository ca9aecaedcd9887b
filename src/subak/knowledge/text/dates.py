"""Dates of a text, read by their form alone; values are ISO, as precise as the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = (
    "january gennaio januari jan gen",
    "february febbraio februari feb",
    "march marzo maret mar",
    "april aprile apr",
    "may maggio mei mag",
    "june giugno juni jun giu",
    "july luglio juli jul lug",
    "august agosto agustus aug ago agu",
    "september settembre sep sept set",
    "october ottobre oktober oct ott okt",
    "november novembre nopember nov",
    "december dicembre desember dec dic des",
)
_NUMBER_OF = {
    name: index for index, names in enumerate(_MONTHS, 1) for name in names.split()
}
_MONTH = "(?:" + "|".join(sorted(_NUMBER_OF, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>1[0-9]\d\d|20\d\d|2100)(?!\d)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<![\d-]){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?![\d-])",
        rf"(?<![\d/])(?P<first>\d\d?)(?P<mark>[/.])(?P<second>\d\d?)(?P=mark){_YEAR}",
        rf"(?<!\d)(?P<day>\d\d?)(?:st|nd|rd|th|°|º|\.)?\s(?:of\s)?(?P<name>{_MONTH})"
        rf",?\s{_YEAR}",
        rf"\b(?P<name>{_MONTH})\s(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s{_YEAR}",
        rf"\b(?P<name>{_MONTH}),?\s{_YEAR}",
    )
)
_YEARS = re.compile(
    r"(?<![\d.,/$€£-])(?<!\d[ -])(1[5-9]\d\d|20\d\d|2100)(?![\d%])(?![.,]\d)"
)


@dataclass(frozen=True, slots=True)
class DateReading:
    """One date of a text.

    Args:
        start: Offset of the first code point.
        end: Offset after the last one.
        values: ISO forms ("2024-01-31", "2024-01"); two where day and month could be
            swapped.
    """

    start: int
    end: int
    values: tuple[str, ...]

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether day and month could be swapped."""
        return len(self.values) > 1


@dataclass(frozen=True, slots=True)
class Year:
    """A year stated in a text."""

    start: int
    end: int
    value: int


def read_dates(text: str) -> tuple[DateReading, ...]:
    """Return every date with at least month and year, in order."""
    found: list[DateReading] = []
    for form in _FORMS:
        for match in form.finditer(text):
            taken = any(
                each.start < match.end() and match.start() < each.end for each in found
            )
            values = () if taken else tuple(dict.fromkeys(_values(match)))
            if values:
                found.append(DateReading(match.start(), match.end(), values))
    return tuple(sorted(found, key=lambda each: each.start))


def read_years(text: str) -> tuple[Year, ...]:
    """Return every year from 1500 to 2100, alone or in a date, in order."""
    years = {
        match.start(1): Year(match.start(1), match.end(1), int(match[1]))
        for match in _YEARS.finditer(text)
    }
    for reading in read_dates(text):
        value = int(reading.values[0][:4])
        place = text.rfind(str(value), reading.start, reading.end)
        years[place] = Year(place, place + 4, value)
    return tuple(years[start] for start in sorted(years))


def _values(match: re.Match[str]) -> Iterator[str]:
    parts = match.groupdict()
    year = int(parts["year"])
    if parts.get("first"):
        first, second = int(parts["first"]), int(parts["second"])
        yield from _iso(year, second, first)
        yield from _iso(year, first, second)
        return
    name = (parts.get("name") or "").lower().rstrip(".")
    month = _NUMBER_OF[name] if name else int(parts["month"])
    if parts.get("day"):
        yield from _iso(year, month, int(parts["day"]))
    else:
        yield f"{year:04d}-{month:02d}"


def _iso(year: int, month: int, day: int) -> Iterator[str]:
    try:
        yield date(year, month, day).isoformat()
    except ValueError:
        return
