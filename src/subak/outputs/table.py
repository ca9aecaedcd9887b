"""Table: typed rows with a name, the same for a database, columns and text files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "integer", "real", "boolean", "time"]
Cell = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        kind: What its cells are; a "time" is in seconds since the epoch, in UTC.
        note: What it tells, in a sentence.
    """

    name: str
    kind: Kind = "text"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the columns they have.

    Args:
        key: Columns whose cells together name a row.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    key: tuple[str, ...] = ()

    def column(self, name: str) -> tuple[Cell, ...]:
        """Return the cells of a column."""
        place = [one.name for one in self.columns].index(name)
        return tuple(row[place] for row in self.rows)

    def named_rows(self) -> Iterator[Mapping[str, Cell]]:
        """Yield each row as a mapping from column to cell."""
        names = [one.name for one in self.columns]
        for row in self.rows:
            yield dict(zip(names, row, strict=True))
