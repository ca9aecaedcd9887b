"""Plain tables: columns set with blanks, as a PDF or a typewriter gives them.

A column is where the cells of the rows with figures stand above each other (interval
merging); titles belong to the column they overlap most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from subak.knowledge.text.line import LEADER
from subak.knowledge.text.words import Span

_CHUNK = re.compile(r"\S+(?:[ \u00a0]\S+)*")
_FIGURE = re.compile(r"\d|\bnil\b|\bnihil\b", re.IGNORECASE)
# A line that only draws: "-----", "=== ===".
_DRAWING = " \t\u00a0=_+*|─━-"
_STROKE = re.compile(r"[-=_─━]{3}")
_LEAST_ROWS = 2
_MOST_TITLE_LINES = 3
_MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A table set with blanks.

    Args:
        titles: The titles of its columns, none where it has no title lines.
        title_lines: How many lines stand above the rows.
        rows: The cells of each row, one for each column, as spans of its line; empty
            where nothing stands.
    """

    titles: tuple[str, ...]
    title_lines: int
    rows: tuple[tuple[Span, ...], ...]


def read_plain_table(lines: Sequence[str]) -> PlainTable | None:
    """Read consecutive lines as a table, None if they are none.

    Nor are names whose values dots lead to: such lines tell their parts themselves.
    """
    if any(_leads_to_one(line) for line in lines):
        return None
    chunks = [_chunks(line) for line in lines]
    parts = list(zip(lines, chunks, strict=True))
    titles = list(takewhile(lambda part: not _has_figure(*part), parts))
    above = len(titles)
    body = chunks[above:]
    is_broken = any(
        len(each) < 2 and not _is_drawn(line) for line, each in parts[above:]
    )
    if above > _MOST_TITLE_LINES or is_broken:
        return None
    if sum(_has_figure(*part) for part in parts[above:]) < _LEAST_ROWS:
        return None
    columns = _columns(body)
    widest = max((len(each) for _, each in titles), default=0)
    if not max(2, widest) <= len(columns) <= _MOST_COLUMNS:
        return None
    named = [_texts(line, _cells(found, columns)) for line, found in reversed(titles)]
    joined = (" ".join(filter(None, words)) for words in zip(*named, strict=True))
    return PlainTable(
        tuple(joined), above, tuple(_cells(each, columns) for each in body)
    )


def _leads_to_one(line: str) -> bool:
    leader = LEADER.search(line)
    return bool(leader and len(_CHUNK.findall(line[leader.end() :])) == 1)


def _is_drawn(line: str) -> bool:
    return not line.strip().strip(_DRAWING) and _STROKE.search(line) is not None


def _chunks(line: str) -> list[Span]:
    if _is_drawn(line):
        return []
    return [Span(match.start(), match.end()) for match in _CHUNK.finditer(line)]


def _has_figure(line: str, chunks: Sequence[Span]) -> bool:
    """Tell whether cells stand apart from each other, a figure in one of the last."""
    return len(chunks) > 1 and any(
        _FIGURE.search(line[each.start : each.end]) for each in chunks[-2:]
    )


def _columns(rows: Sequence[Sequence[Span]]) -> list[Span]:
    """Return where columns stand: cells above each other are of one."""
    merged: list[Span] = []
    for each in sorted((cell for row in rows for cell in row), key=_begin):
        if merged and each.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, each.end))
        else:
            merged.append(each)
    return merged


def _cells(chunks: Sequence[Span], columns: Sequence[Span]) -> tuple[Span, ...]:
    """Return a line's cell in each column; an empty one begins where one ended."""
    found: dict[int, Span] = {}
    for chunk in chunks:
        column = _column_of(chunk, columns)
        begin = found[column].start if column in found else chunk.start
        found[column] = Span(begin, chunk.end)
    cells: list[Span] = []
    end = 0
    for column in range(len(columns)):
        cells.append(found.get(column, Span(end, end)))
        end = cells[-1].end
    return tuple(cells)


def _texts(line: str, cells: Sequence[Span]) -> list[str]:
    return [line[each.start : each.end] for each in cells]


def _column_of(chunk: Span, columns: Sequence[Span]) -> int:
    """Return the column a chunk overlaps most, or else is nearest to."""
    overlaps = [
        min(chunk.end, column.end) - max(chunk.start, column.start)
        for column in columns
    ]
    return overlaps.index(max(overlaps))


def _begin(span: Span) -> int:
    return span.start
