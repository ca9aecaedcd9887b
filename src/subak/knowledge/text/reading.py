"""Reading: a document's units with their words, numbers and dates, read once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from subak.knowledge.documents.document import Document
from subak.knowledge.text.dates import DateReading, Year, read_dates, read_years
from subak.knowledge.text.numbers import Number, decimal_mark, read_numbers, settle
from subak.knowledge.text.units import Heading, Unit, cells, units
from subak.knowledge.text.words import Span, Word, content_words, read_words

# Reading costs about 5 ms per 1,000 characters on a slow core and holds the event loop.
_MOST_CHARS = 400_000


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
    """

    order: int
    unit: Unit
    words: tuple[Word, ...]
    numbers: tuple[Number, ...]
    dates: tuple[DateReading, ...]
    years: tuple[Year, ...]
    above: tuple[tuple[Word, ...], ...]
    spoken: frozenset[str]

    def titles(self) -> Iterator[tuple[Heading, tuple[Word, ...]]]:
        """Yield its headings with their words, innermost first."""
        yield from zip(reversed(self.unit.headings), reversed(self.above), strict=True)

    @property
    def text(self) -> str:
        """Return the unit's text."""
        return self.unit.text

    def cell_of(self, place: Span) -> int | None:
        """Return the number of the table cell that holds the place."""
        if self.unit.kind != "row":
            return None
        for index, cell in enumerate(cells(self.text)):
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
        spans = cells(self.text)
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
        header = self.unit.header
        if column is None or header is None:
            return ""
        titles = cells(header.text)
        if column >= len(titles):
            return ""
        return header.text[titles[column].start : titles[column].end]

    def _has_number(self, cell: Span) -> bool:
        return any(
            cell.start <= number.start and number.end <= cell.end
            for number in self.numbers
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
    titles: dict[Heading, tuple[Word, ...]] = {}
    found = tuple(
        _read_unit(order, unit, titles)
        for order, unit in enumerate(units(document.text[:_MOST_CHARS]))
        if unit.kind not in ("heading", "header")
    )
    numbers = (number for each in found for number in each.numbers)
    mark = decimal_mark(numbers, document.language)
    settled = tuple(
        replace(each, numbers=tuple(settle(number, mark) for number in each.numbers))
        for each in found
    )
    day = _day(document)
    year = int(day[:4]) if day[:4].isdecimal() else None
    return Reading(document, settled, year, day)


def nearest_heading(unit: Unit) -> Heading | None:
    """Return the innermost heading that isn't the title."""
    below = [heading for heading in unit.headings if heading.level > 1]
    return below[-1] if below else None


def _read_unit(
    order: int, unit: Unit, titles: dict[Heading, tuple[Word, ...]]
) -> ReadUnit:
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
    return ReadUnit(order, unit, words, numbers, dates, years, above, spoken)


def _title_words(
    heading: Heading, titles: dict[Heading, tuple[Word, ...]]
) -> tuple[Word, ...]:
    if heading not in titles:
        titles[heading] = content_words(read_words(heading.text))
    return titles[heading]


def _day(document: Document) -> str:
    if document.published[:4].isdecimal():
        return document.published[:10]
    if document.fetched_at > 0:
        return datetime.fromtimestamp(document.fetched_at, UTC).date().isoformat()
    return ""
