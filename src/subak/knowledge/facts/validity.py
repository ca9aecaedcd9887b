"""Validity: since when and until when a value holds, where the text says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from subak.knowledge.facts.mention import clause_of
from subak.knowledge.text.dates import Year, read_dates, read_years
from subak.knowledge.text.reading import ReadUnit, nearest_heading
from subak.knowledge.text.words import Span

_ARTICLE = r"(?:\s+(?:the|il|lo|tanggal|tahun|year|anno|day))*\s*$"
_FROM = re.compile(
    r"(?:\b(?:from|since|as\s+of|as\s+from|effective(?:\s+(?:from|as\s+of|on))?"
    r"|with\s+effect\s+from|in\s+force\s+(?:since|from)|starting(?:\s+(?:from|on))?"
    r"|beginning(?:\s+(?:on|from))?|dal|da|a\s+partire\s+dal?|a\s+decorrere\s+dal?"
    r"|in\s+vigore\s+dal?|mulai|sejak|terhitung(?:\s+mulai)?|berlaku(?:\s+per)?|per"
    r")\b|\bdall['’])" + _ARTICLE,
    re.IGNORECASE,
)
_TO = re.compile(
    r"\b(?:until|till|up\s+to|through|fino\s+al?|sino\s+al?|sampai(?:\s+dengan)?"
    r"|hingga|s\s*[./]\s*d\.?)(?:\s+(?:and\s+including|the\s+end\s+of|end\s+of|akhir))?"
    + _ARTICLE,
    re.IGNORECASE,
)
# Says an end only behind a beginning.
_ON_TO = re.compile(r"\b(?:to|al?)" + _ARTICLE, re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:before|prior\s+to|prima\s+del(?:l['’])?|sebelum)" + _ARTICLE, re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Validity:
    """When a value holds; ISO dates as precise as the text, "" where it says none."""

    valid_from: str = ""
    valid_to: str = ""

    def is_future(self, day: str) -> bool:
        """Tell whether it begins to hold after a day."""
        return bool(day and self.valid_from) and self.valid_from > day

    def is_over(self, day: str) -> bool:
        """Tell whether it ceased to hold before a day."""
        is_known = bool(day and self.valid_to)
        return is_known and self.valid_to < day[: len(self.valid_to)]


@dataclass(frozen=True, slots=True)
class _Day:
    start: int
    end: int
    value: str


def read_validity(unit: ReadUnit, place: Span) -> Validity:
    """Return when the value at a place holds.

    Its own clause says it first, then dates with no other value between, then its
    column's title, then the heading.
    """
    text = unit.text
    clause = clause_of(text, place.start)
    days = _days(unit)
    inside = [each for each in days if _is_in(each, clause)]
    beside = [each for each in days if not _is_in(each, clause)]
    beside = [each for each in beside if _is_beside(unit, each, place)]
    found = [_validity(text, inside), _validity(text, beside)]
    if unit.unit.kind == "row":
        found = [_validity(text, [each for each in days if _is_in_cell(unit, each)])]
    title = unit.column_title(place)
    heading = nearest_heading(unit.unit)
    found += [_of_title(title), _of_title(heading.text if heading else "")]
    return Validity(
        next((each.valid_from for each in found if each.valid_from), ""),
        next((each.valid_to for each in found if each.valid_to), ""),
    )


def _days(unit: ReadUnit) -> list[_Day]:
    days = [
        _Day(each.start, each.end, each.values[0])
        for each in unit.dates
        if not each.is_ambiguous
    ]
    taken = [(each.start, each.end) for each in unit.dates]
    return sorted(
        [*days, *(_of_year(each) for each in unit.years if not _is_taken(each, taken))],
        key=lambda each: each.start,
    )


def _of_title(text: str) -> Validity:
    if not text:
        return Validity()
    dates = read_dates(text)
    taken = [(each.start, each.end) for each in dates]
    days = [
        _Day(each.start, each.end, each.values[0])
        for each in dates
        if not each.is_ambiguous
    ]
    years = (each for each in read_years(text) if not _is_taken(each, taken))
    days += [_of_year(each) for each in years]
    return _validity(text, sorted(days, key=lambda each: each.start))


def _of_year(year: Year) -> _Day:
    return _Day(year.start, year.end, str(year.value))


def _is_taken(year: Year, taken: list[tuple[int, int]]) -> bool:
    return any(start <= year.start < end for start, end in taken)


def _validity(text: str, days: list[_Day]) -> Validity:
    begin = end = ""
    left = 0
    for day in days:
        before = text[left : day.start]
        if _BEFORE.search(before):
            end = end or _day_before(day.value)
        elif _TO.search(before) or (begin and _ON_TO.search(before)):
            end = end or day.value
        elif _FROM.search(before):
            begin = begin or day.value
        left = day.end
    return Validity(begin, end)


def _day_before(value: str) -> str:
    if len(value) == 10:
        return (date.fromisoformat(value) - timedelta(days=1)).isoformat()
    if len(value) == 4:
        return str(int(value) - 1)
    year, month = int(value[:4]), int(value[5:7])
    return f"{year - 1}-12" if month == 1 else f"{year}-{month - 1:02d}"


def _is_in(day: _Day, clause: Span) -> bool:
    return clause.start <= day.start and day.end <= clause.end


def _is_in_cell(unit: ReadUnit, day: _Day) -> bool:
    return unit.cell_of(Span(day.start, day.end)) is not None


def _is_beside(unit: ReadUnit, day: _Day, place: Span) -> bool:
    """Tell whether no other value is nearer to the date, nor in its clause behind."""
    left, right = sorted((Span(day.start, day.end), place), key=lambda each: each.start)
    parts = [Span(left.end, right.start)]
    if day.start > place.start:
        parts.append(clause_of(unit.text, day.start))
    years = {each.start for each in unit.years}
    return not any(
        part.start <= number.start and number.end <= part.end
        for part in parts
        for number in unit.numbers
        if number.start not in years
    )
