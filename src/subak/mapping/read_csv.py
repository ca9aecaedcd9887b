"""CsvParser: rows out of the blocks of a CSV file with a header, RFC 4180."""

from __future__ import annotations

import csv
from collections import deque

from subak.errors import UserError
from subak.mapping.read_jsonl import LONGEST_ROW_BYTES
from subak.mapping.row import BadRow, InputRow, Row, identify

_DELIMITERS = (",", ";", "\t")
_QUOTES = 'quote cells that hold the delimiter, a quote or a line feed, as ""'


class _Starved(Exception):
    """Raised in the middle of a record whose other lines have not come yet."""


class _Lines:
    """The lines that have come, as the csv module pulls them."""

    def __init__(self) -> None:
        self.waiting: deque[bytes] = deque()
        self.taken: list[bytes] = []
        self.is_over = False
        self.is_broken = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if not self.waiting:
            if self.is_over:
                raise StopIteration
            raise _Starved
        line = self.waiting.popleft()
        self.taken.append(line)
        try:
            return line.decode()
        except UnicodeDecodeError:
            self.is_broken = True
            return line.decode("utf-8", "replace")

    def begin(self) -> None:
        """Forget the record before."""
        self.taken.clear()
        self.is_broken = False

    def put_back(self) -> None:
        """Have the lines of an unfinished record read again."""
        self.waiting.extendleft(reversed(self.taken))


class CsvParser:
    """Push parser; a row's number is the line it begins at, the header is line 1.

    The delimiter is the one of ``, ; TAB`` that the header has most of.

    Guarantees: keeps no more of the input than a block and one record.
    """

    def __init__(self, where: str) -> None:
        self._where = where
        self._rest = b""
        self._line = 0
        self._lines = _Lines()
        self._header: list[str] = []
        self._delimiter = ""
        self._records = csv.reader(self._lines)
        # Of the whole process, but only ever raised; the default is 128 KiB.
        csv.field_size_limit(max(LONGEST_ROW_BYTES, csv.field_size_limit()))

    def feed(self, block: bytes) -> list[Row]:
        """Return the rows that are whole now.

        Raises:
            UserError: The header names no columns, or one of them twice.
        """
        lines = (self._rest + block).split(b"\n")
        self._rest = lines.pop()
        self._lines.waiting.extend([line + b"\n" for line in lines])
        return self._parse()

    def finish(self) -> list[Row]:
        """Return the rows that only the end of the file completes."""
        if self._rest:
            self._lines.waiting.append(self._rest)
        self._rest = b""
        self._lines.is_over = True
        return self._parse()

    def _parse(self) -> list[Row]:
        if not self._delimiter and self._lines.waiting:
            first = self._lines.waiting[0].decode("utf-8", "replace")
            self._delimiter = max(_DELIMITERS, key=first.count)
            self._records = csv.reader(
                self._lines, delimiter=self._delimiter, strict=True
            )
        rows: list[Row] = []
        while True:
            self._lines.begin()
            try:
                row = self._record()
            except StopIteration:
                return rows
            except _Starved:
                self._lines.put_back()
                return rows
            self._line += len(self._lines.taken)
            if row is not None:
                rows.append(row)

    def _record(self) -> Row | None:
        number = self._line + 1
        try:
            cells = next(self._records)
        except csv.Error as error:
            return BadRow(number, number, f"not CSV: {error}", _QUOTES)
        if not self._header:
            self._header = self._checked(cells)
            return None
        if not cells:
            return None
        if self._lines.is_broken:
            return BadRow(number, number, "the row is not UTF-8", "save it as UTF-8")
        if len(cells) > len(self._header):
            problem = f"{len(cells)} cells, but the header has {len(self._header)}"
            return BadRow(number, number, problem, _QUOTES)
        values = dict(zip(self._header, cells, strict=False))
        return InputRow(number, identify(values, number), values)

    def _checked(self, cells: list[str]) -> list[str]:
        names = [cell.strip() for cell in cells]
        twice = [name for name in names if name and names.count(name) > 1]
        if not any(names) or twice or self._lines.is_broken:
            what = f"the column '{twice[0]}' twice" if twice else "no readable columns"
            raise UserError(
                f"the header names {what}",
                where=f"{self._where}:1",
                hint="give each column a name of its own in the first line, in UTF-8",
            )
        return [name or f"column {place}" for place, name in enumerate(names, 1)]
