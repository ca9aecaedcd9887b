"""table_grid: the rows of an HTML table with cells that span several ones filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

_MOST_COLUMNS = 100
_MOST_DOWN = 500
_CELLS = ("td", "th")


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row; a cell that spans rows stands in each of them."""

    cells: tuple[str, ...]
    is_header: bool = False


@dataclass(slots=True)
class _Above:
    """A cell that reaches down into the rows that follow."""

    text: str
    rows_left: int


def table_grid(
    table: LexborNode, to_text: Callable[[LexborNode], str]
) -> Iterator[GridRow]:
    """Yield the rows of a table; nested tables' rows come in their place.

    A heading over several columns is repeated, another wide cell stands once. Of
    several header rows in turn the first one is marked.
    """
    reaching: dict[int, _Above] = {}
    is_header = False
    for row in table.css("tr"):
        own = [cell for cell in row.iter() if cell.tag in _CELLS]
        line = _line(own, reaching, to_text)
        was_header = is_header
        is_header = len(own) > 1 and all(cell.tag == "th" for cell in own)
        yield GridRow(tuple(line), is_header and not was_header)


def _line(
    own: list[LexborNode],
    reaching: dict[int, _Above],
    to_text: Callable[[LexborNode], str],
) -> list[str]:
    line: list[str] = []
    _take_above(line, reaching)
    for cell in own:
        text = to_text(cell)
        down = _span(cell, "rowspan", _MOST_DOWN)
        for number in range(_span(cell, "colspan", _MOST_COLUMNS)):
            shown = text if number == 0 or cell.tag == "th" else ""
            if len(line) >= _MOST_COLUMNS:
                return line
            if down > 1:
                reaching[len(line)] = _Above(shown, down - 1)
            line.append(shown)
        _take_above(line, reaching)
    return line if len(own) > 1 else _unspread(line)


def _take_above(line: list[str], reaching: dict[int, _Above]) -> None:
    while (above := reaching.get(len(line))) is not None:
        above.rows_left -= 1
        if above.rows_left == 0:
            del reaching[len(line)]
        line.append(above.text)


def _unspread(line: list[str]) -> list[str]:
    """Return a row of one wide heading with its text once: a line of its own."""
    texts = [text for text in dict.fromkeys(line) if text]
    return texts if len(texts) == 1 else line


def _span(cell: LexborNode, name: str, most: int) -> int:
    given = (cell.attributes.get(name) or "").strip()
    return min(max(int(given), 1), most) if given.isdecimal() and len(given) < 5 else 1
