"""RowEncoder: output rows as the bytes of a JSON Lines or CSV file."""

from __future__ import annotations

import csv
import io
from typing import Protocol

import msgspec

from subak.mapping.map_row import MapRow, RowUsage
from subak.outputs.cell import table_cell

_NO_USAGE = RowUsage(0, 0, 0)


class RowEncoder(Protocol):
    """A format of output rows."""

    def header(self) -> bytes:
        """Return what stands before the first row."""
        ...

    def encode(self, row: MapRow) -> bytes:
        """Return one row with its line feed."""
        ...


class JsonlEncoder:
    """One JSON object a line."""

    def __init__(self) -> None:
        self._encode = msgspec.json.Encoder().encode

    def header(self) -> bytes:
        """Return nothing."""
        return b""

    def encode(self, row: MapRow) -> bytes:
        """Return the row as JSON."""
        return self._encode(row) + b"\n"


class CsvEncoder:
    """One line a row; an output that is an object has a column for each property.

    Args:
        properties: Names of the output object's properties; none for text.
    """

    def __init__(self, properties: tuple[str, ...] = ()) -> None:
        self._properties = properties

    def header(self) -> bytes:
        """Return the names of the columns."""
        outputs = [f"output.{name}" for name in self._properties] or ["output"]
        counts = ("tokens_in", "tokens_out", "tokens_cached")
        return _line(["id", *outputs, "error", *counts])

    def encode(self, row: MapRow) -> bytes:
        """Return the row as a line of cells."""
        usage = row.usage or _NO_USAGE
        counts = (usage.tokens_in, usage.tokens_out, usage.tokens_cached)
        cells = [row.id, *self._outputs(row.output), row.error or "", *counts]
        return _line([_value(cell) for cell in cells])

    def _outputs(self, output: str | dict[str, object] | None) -> list[object]:
        if not self._properties or isinstance(output, str):
            return [output]
        return [(output or {}).get(name) for name in self._properties]


def _line(cells: list[str | int | float]) -> bytes:
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([table_cell(cell) for cell in cells])
    return table.getvalue().encode()


def _value(value: object) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, str | int | float):
        return value
    return msgspec.json.encode(value).decode()
