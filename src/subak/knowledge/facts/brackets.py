"""Brackets: the lists by which a text gives a value for each range of amounts.

Reads tables, lists and sentences by form; what the values are of is the caller's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from subak.knowledge.facts.range_bounds import (
    Bound,
    read_bound,
    role_of_title,
    says_open,
)
from subak.knowledge.text.numbers import Number
from subak.knowledge.text.reading import Reading, ReadUnit
from subak.knowledge.text.words import Span

_NIL = re.compile(
    r"\b(?:nil|zero|tax[- ]free|(?:tax[- ])?exempt|no\s+(?:income\s+)?tax|not\s+taxed"
    r"|esent[ei]|nessuna\s+imposta|non\s+tassat\w+|nihil|bebas\s+pajak"
    r"|tidak\s+(?:kena|dikenakan|dikenai)\s+pajak)\b",
    re.IGNORECASE,
)
_FLAT = re.compile(
    r"\b(?:flat|uniform|proportional|single\s+rate|aliquota\s+(?:unica|fissa)"
    r"|proporzional\w+|tarif\s+(?:tunggal|tetap|flat))\b",
    re.IGNORECASE,
)
_RATE_TITLE = re.compile(
    r"%|\b(?:rates?|aliquot\w+|tarif|per\s?cent\w*|persen)\b", re.IGNORECASE
)
_BLANK_LINE = re.compile(r"\n\s*\n")
_NOTHING = re.compile(r"[\W_]*$")
# Two sentences may stand between those of one list.
_REACH = 2


@dataclass(frozen=True, slots=True)
class Bracket:
    """What one place states about one bracket.

    Args:
        unit: The unit it stands in.
        place: Where its value stands.
        rate: The value; 0 where words say that it is nothing, spelled then.
        bounds: The amounts that limit it.
        is_open: True when words say that it has no upper end.
        column: The table column of the value, None outside of tables.
        is_flat: True when the text says that it holds for every amount.
    """

    unit: ReadUnit
    place: Span
    rate: Number
    bounds: tuple[Bound, ...]
    is_open: bool
    column: int | None = None
    is_flat: bool = False

    @property
    def has_end(self) -> bool:
        """Tell whether an amount limits it from above."""
        return any(each.role in ("upper", "first", "next") for each in self.bounds)

    @property
    def span(self) -> Span:
        """Return the stretch of the unit that holds the value and its amounts."""
        marks = [_span(each.number) for each in self.bounds]
        return Span(
            min(each.start for each in (self.place, *marks)),
            max(each.end for each in (self.place, *marks)),
        )

    @property
    def values(self) -> tuple[float, ...]:
        """Return the value, or both readings of it."""
        return self.rate.values

    @property
    def is_limited(self) -> bool:
        """Tell whether its ends are said, if only that it has none."""
        return self.is_open or any(each.role for each in self.bounds)


def find_brackets(reading: Reading, unit_of_rate: str) -> list[tuple[Bracket, ...]]:
    """Return every list of brackets a document states, in order.

    Args:
        reading: The document.
        unit_of_rate: Unit of the values; "%" for percentages.
    """
    percent = unit_of_rate.startswith("%")
    open_lists: dict[tuple[object, ...], list[Bracket]] = {}
    found: list[list[Bracket]] = []
    for unit in reading.units:
        read = tuple(_read(unit, percent=percent))
        for bracket in read:
            key = _place_of(bracket)
            list_ = open_lists.get(key)
            is_apart = (
                list_ and len(read) > 1 and _is_apart(reading, list_[-1].unit, unit)
            )
            if list_ is None or is_apart or _is_other_list(list_, bracket):
                list_ = open_lists[key] = []
                found.append(list_)
            list_.append(bracket)
    return [tuple(each) for each in found if len(each) > 1 or each[0].is_flat]


def _is_apart(reading: Reading, before: ReadUnit, unit: ReadUnit) -> bool:
    """Tell whether a sentence stands in another paragraph than the one before."""
    between = reading.document.text[before.unit.end : unit.unit.start]
    is_prose = before.unit.kind == unit.unit.kind == "sentence"
    return is_prose and bool(_BLANK_LINE.search(between))


def _is_other_list(list_: Sequence[Bracket], bracket: Bracket) -> bool:
    """A list that ended without an upper bound can't go on with one."""
    if bracket.unit.order - list_[-1].unit.order > _REACH:
        return True
    is_rising = list_[0].has_end and not list_[-1].has_end
    return is_rising and bracket.has_end


def _place_of(bracket: Bracket) -> tuple[object, ...]:
    unit = bracket.unit.unit
    alone = bracket.unit.order if bracket.is_flat else None
    return (unit.kind, unit.headings, unit.header, bracket.column, alone)


def _read(unit: ReadUnit, *, percent: bool) -> Iterator[Bracket]:
    if unit.unit.kind == "row":
        yield from _read_row(unit, percent=percent)
    else:
        yield from _read_text(unit, percent=percent)


def _read_row(unit: ReadUnit, *, percent: bool) -> Iterator[Bracket]:
    spans = list(unit.cells)
    in_cells = [
        [each for each in unit.numbers if _within(each, cell)] for cell in spans
    ]
    rates = [
        (column, numbers[0])
        for column, numbers in enumerate(in_cells)
        if len(numbers) == 1 and _is_rate(unit, numbers[0], percent=percent)
    ]
    taken = {column for column, _ in rates}
    if spans and spans[0] != unit.label:
        taken.add(0)
    bounds: list[Bound] = []
    is_open = False
    for column, (cell, numbers) in enumerate(zip(spans, in_cells, strict=True)):
        if column in taken:
            continue
        title = role_of_title(unit.column_title(cell))
        text = unit.text[cell.start : cell.end]
        amounts = [each for each in numbers if _is_amount(unit, each)]
        read = tuple(_bounds(unit.text, cell, amounts))
        bounds += [
            Bound(each.number, title) if not each.role and len(read) == 1 else each
            for each in read
        ]
        is_open = is_open or says_open(text)
        is_open = is_open or (title == "upper" and bool(_NOTHING.match(text)))
    known = tuple(each for each in bounds if each.role)
    chosen = known or tuple(bounds)
    if rates and (chosen or is_open):
        for column, rate in rates:
            yield Bracket(unit, _span(rate), rate, chosen, is_open, column)
    elif not rates and known and (nothing := _nothing(unit.text)):
        place = _span(nothing[0])
        yield Bracket(unit, place, nothing[0], known, is_open, unit.cell_of(place))


def _read_text(unit: ReadUnit, *, percent: bool) -> Iterator[Bracket]:
    rates = [each for each in unit.numbers if _is_rate(unit, each, percent=percent)]
    amounts = [
        each for each in unit.numbers if each not in rates and _is_amount(unit, each)
    ]
    nothing = _nothing(unit.text) if amounts else []
    for values in dict.fromkeys((tuple(rates + nothing), tuple(rates))):
        for parts in _partitions(unit.text, sorted(values, key=_begin), amounts):
            read = [_part(unit, *part) for part in parts]
            if all(each.is_limited for each in read):
                yield from read
                return
    if len(rates) == 1 and amounts and unit.unit.kind == "item":
        yield _part(unit, Span(0, len(unit.text)), rates[0], amounts)
    elif len(rates) == 1 and not amounts and _FLAT.search(unit.text):
        yield Bracket(unit, _span(rates[0]), rates[0], (), True, is_flat=True)


_Part = tuple[Span, Number, list[Number]]


def _partitions(
    text: str, rates: Sequence[Number], amounts: Sequence[Number]
) -> Iterator[list[_Part]]:
    """Yield the ways to give each value its amounts: those behind it, or before it."""
    if not rates:
        return
    starts = [0, *(each.start for each in rates[1:]), len(text)]
    ends = [0, *(each.end for each in rates[:-1]), len(text)]
    first = min(each.start for each in (*rates, *amounts))
    edges = [starts, ends] if first == rates[0].start else [ends, starts]
    for edge in edges:
        spans = [Span(start, end) for start, end in pairwise(edge)]
        yield [
            (span, rate, [each for each in amounts if _within(each, span)])
            for span, rate in zip(spans, rates, strict=True)
        ]


def _part(
    unit: ReadUnit, span: Span, rate: Number, amounts: Sequence[Number]
) -> Bracket:
    bounds = tuple(_bounds(unit.text, span, amounts, rate))
    is_open = says_open(unit.text[span.start : span.end])
    return Bracket(unit, _span(rate), rate, bounds, is_open)


def _bounds(
    text: str, span: Span, amounts: Sequence[Number], rate: Number | None = None
) -> Iterator[Bound]:
    marks = sorted([*amounts, *([rate] if rate else [])], key=lambda each: each.start)
    last: Bound | None = None
    for index, number in enumerate(marks):
        left = marks[index - 1].end if index else span.start
        right = marks[index + 1].start if index + 1 < len(marks) else span.end
        if number is rate:
            continue
        before, after = text[left : number.start], text[number.end : right]
        last = read_bound(before, number, after, last)
        yield last


def _is_rate(unit: ReadUnit, number: Number, *, percent: bool) -> bool:
    if not percent:
        title = unit.column_title(_span(number))
        return bool(title) and bool(_RATE_TITLE.search(title))
    if number.percent:
        return True
    title = unit.column_title(_span(number))
    is_small = all(0 <= value <= 100 for value in number.values)
    return is_small and not number.currency and bool(_RATE_TITLE.search(title))


def _is_amount(unit: ReadUnit, number: Number) -> bool:
    is_year = any(year.start == number.start for year in unit.years)
    return not (number.percent or number.spelled or (is_year and not number.currency))


def _nothing(text: str) -> list[Number]:
    """Return the words that say "no tax" as values of 0."""
    return [
        Number(match.start(), match.end(), (0.0,), percent=True, spelled=True)
        for match in _NIL.finditer(text)
    ]


def _begin(number: Number) -> int:
    return number.start


def _within(number: Number, span: Span) -> bool:
    return span.start <= number.start and number.end <= span.end


def _span(number: Number) -> Span:
    return Span(number.start, number.end)
