"""Reading: a document's units with their words, numbers and dates, read once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from subak.knowledge.documents.document import Document
from subak.knowledge.text.dates import DateReading, Year, read_dates, read_years
from subak.knowledge.text.numbers import Number, decimal_mark, read_numbers, settle
from subak.knowledge.text.scale import Scale, scale_of_caption, scale_of_title
from subak.knowledge.text.units import Heading, Unit, cells, units
from subak.knowledge.text.words import Span, Word, content_words, read_words

# Reading costs about 5 ms per 1,000 characters on a slow core and holds the event loop.
_MOST_CHARS = 400_000
# What "it" and "the rate" in a sentence stand for was said at most so far before.
_LEADS = 2
_LEAD_LEVEL = 8
_RATES = re.compile(
    r"%|\b(?:rates?|aliquot\w+|tarif|per\s?cent\w*|persen)\b", re.IGNORECASE
)
_SERIAL = re.compile(r"[#(]?\d{1,3}[.)]?")
_BLANK_LINE = re.compile(r"\n\s*\n")
_TitleWords = dict[Heading, tuple[Word, ...]]


@dataclass(frozen=True, slots=True)
class ReadUnit:
    """A unit with what was read in it; all offsets count from the unit's start.

    Args:
        order: Position among the document's units.
        unit: The unit.
        words: Its content words.
        numbers: Its numbers without those that are parts of dates.
        dates: Its dates.
        years: Its years.
        above: The content words of each of its headings.
        spoken: Stems of everything that can speak of a value in it.
        leads: The sentences before it in its paragraph, nearest first.
        scale: The title that says in what its amounts are counted, None for none.
    """

    order: int
    unit: Unit
    words: tuple[Word, ...]
    numbers: tuple[Number, ...]
    dates: tuple[DateReading, ...]
    years: tuple[Year, ...]
    above: tuple[tuple[Word, ...], ...]
    spoken: frozenset[str]
    leads: tuple[tuple[Heading, tuple[Word, ...]], ...] = ()
    scale: Heading | None = None

    def titles(self) -> Iterator[tuple[Heading, tuple[Word, ...]]]:
        """Yield its headings with their words, innermost first."""
        yield from zip(reversed(self.unit.headings), reversed(self.above), strict=True)

    @property
    def text(self) -> str:
        """Return the unit's text."""
        return self.unit.text

    @property
    def cells(self) -> tuple[Span, ...]:
        """Return the cells of a table row, the whole unit if it is none."""
        return cells(self.text)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the titles of the table's columns, none outside of tables."""
        return _titles(self.unit.header)

    @property
    def label(self) -> Span:
        """Return the cell that names a row: its first, behind a running number."""
        spans = self.cells
        if len(spans) > 2 and _SERIAL.fullmatch(
            self.text, spans[0].start, spans[0].end
        ):
            return spans[1]
        return spans[0] if spans else Span(0, 0)

    def cell_of(self, place: Span) -> int | None:
        """Return the number of the table cell that holds the place."""
        if self.unit.kind != "row":
            return None
        for index, cell in enumerate(self.cells):
            if cell.start <= place.start and place.end <= cell.end:
                return index
        return None

    def words_about(self, place: Span) -> tuple[Word, ...]:
        """Return the words that can speak of what stands at the place.

        In a row these are its own cell and the cells without numbers.
        """
        column = self.cell_of(place)
        if column is None:
            return self.words
        spans = self.cells
        open_cells = [
            cell
            for index, cell in enumerate(spans)
            if index == column or not self._has_number(cell)
        ]
        return tuple(
            word
            for word in self.words
            if any(
                each.start <= word.start and word.end <= each.end for each in open_cells
            )
        )

    def column_title(self, place: Span) -> str:
        """Return the header cell above the place, "" outside of tables."""
        column = self.cell_of(place)
        titles = self.columns
        return titles[column] if column is not None and column < len(titles) else ""

    def _has_number(self, cell: Span) -> bool:
        years = {year.start for year in self.years}
        return any(
            cell.start <= number.start and number.end <= cell.end
            for number in self.numbers
            if number.start not in years
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """A document, read.

    Args:
        document: What was read.
        units: Everything in it that can state something, in order.
        year: Year of the document, None when unknown.
        day: Its ISO date, "" when unknown.
    """

    document: Document
    units: tuple[ReadUnit, ...]
    year: int | None
    day: str = ""


def read(document: Document) -> Reading:
    """Read a document's units, those of its first 400,000 characters."""
    titles: _TitleWords = {}
    found = tuple(
        _read_unit(order, unit, titles)
        for order, unit in enumerate(units(document.text[:_MOST_CHARS]))
        if unit.kind not in ("heading", "header")
    )
    numbers = (number for each in found for number in each.numbers)
    mark = decimal_mark(numbers, document.language)
    settled = tuple(
        replace(
            each,
            numbers=tuple(settle(number, mark) for number in each.numbers),
            leads=_leads(document.text, found, index),
        )
        for index, each in enumerate(found)
    )
    day = _day(document)
    year = int(day[:4]) if day[:4].isdecimal() else None
    return Reading(document, settled, year, day)


def nearest_heading(unit: Unit) -> Heading | None:
    """Return the innermost heading that isn't the title."""
    below = [heading for heading in unit.headings if heading.level > 1]
    return below[-1] if below else None


def _read_unit(order: int, unit: Unit, titles: _TitleWords) -> ReadUnit:
    dates = read_dates(unit.text)
    numbers = tuple(
        number
        for number in read_numbers(unit.text)
        if not any(
            each.start < number.end and number.start < each.end for each in dates
        )
    )
    words = content_words(read_words(unit.text))
    above = tuple(_title_words(heading, titles) for heading in unit.headings)
    header = _title_words(unit.header, titles) if unit.header else ()
    spoken = frozenset(word.stem for part in (words, header, *above) for word in part)
    amounts = [each for each in numbers if each.currency or each.percent]
    years = tuple(
        year
        for year in read_years(unit.text)
        if not any(each.start <= year.start < each.end for each in amounts)
    )
    plain = ReadUnit(order, unit, words, numbers, dates, years, above, spoken)
    return _scaled(plain)


def _title_words(heading: Heading, titles: _TitleWords) -> tuple[Word, ...]:
    if heading not in titles:
        titles[heading] = content_words(read_words(heading.text))
    return titles[heading]


@lru_cache(maxsize=512)
def _titles(header: Heading | None) -> tuple[str, ...]:
    if header is None:
        return ()
    return tuple(header.text[each.start : each.end] for each in cells(header.text))


def _leads(
    text: str, found: Sequence[ReadUnit], index: int
) -> tuple[tuple[Heading, tuple[Word, ...]], ...]:
    """Return the sentences before one in its paragraph, nearest first."""
    leads: list[tuple[Heading, tuple[Word, ...]]] = []
    unit = found[index].unit
    for before in reversed(found[max(index - _LEADS, 0) : index]):
        gap = text[before.unit.end : unit.start]
        is_beside = before.unit.headings == found[index].unit.headings
        is_prose = before.unit.kind == found[index].unit.kind == "sentence"
        if not (is_beside and is_prose) or _BLANK_LINE.search(gap):
            break
        unit = before.unit
        lead = Heading(unit.text, unit.start, unit.end, _LEAD_LEVEL)
        leads.append((lead, before.words))
    return tuple(leads)


def _scaled(unit: ReadUnit) -> ReadUnit:
    """Count amounts in what their column's title or the caption says."""
    if unit.unit.kind not in ("row", "item") or not unit.numbers:
        return unit
    heading = nearest_heading(unit.unit)
    caption = scale_of_caption(heading.text) if heading else None
    scales = [_scale_at(unit, each, caption) for each in unit.numbers]
    if not any(scales):
        return unit
    numbers = tuple(map(_times, unit.numbers, scales))
    is_titled = any(each is not caption for each in scales if each)
    said = unit.unit.header if is_titled else heading
    return replace(unit, numbers=numbers, scale=said)


def _scale_at(unit: ReadUnit, number: Number, caption: Scale | None) -> Scale | None:
    if number.percent or number.spelled or number.exponent:
        return None
    title = unit.column_title(Span(number.start, number.end))
    scale = scale_of_title(title) if title else None
    return scale or (None if _RATES.search(title) else caption)


def _times(number: Number, scale: Scale | None) -> Number:
    if scale is None:
        return number
    factor = 10**scale.exponent
    values = tuple(float(Decimal(repr(each)) * factor) for each in number.values)
    return replace(number, values=values, exponent=scale.exponent)


def _day(document: Document) -> str:
    if document.published[:4].isdecimal():
        return document.published[:10]
    if document.fetched_at > 0:
        return datetime.fromtimestamp(document.fetched_at, UTC).date().isoformat()
    return ""
