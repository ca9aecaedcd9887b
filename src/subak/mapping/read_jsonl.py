"""JsonlParser: rows out of the blocks of a JSON Lines file, a bad line at a time."""

from __future__ import annotations

import msgspec

from subak.mapping.row import BadRow, InputRow, Row, identify

LONGEST_ROW_BYTES = 16 << 20
_HINT = "write one JSON object a line, in UTF-8"
_TOO_LONG = f"the line is longer than {LONGEST_ROW_BYTES >> 20} MiB"


class JsonlParser:
    """Push parser; lines are numbered from 1, empty ones are passed over.

    Guarantees: keeps no more of the input than one line, and of that no more than
    ``LONGEST_ROW_BYTES`` and a block.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._line = 0
        self._is_skipping = False
        self._decode = msgspec.json.Decoder().decode

    def feed(self, block: bytes) -> list[Row]:
        """Return the rows that are whole now."""
        lines = (self._rest + block).split(b"\n")
        self._rest = lines.pop()
        rows = [row for line in lines if (row := self._row(line)) is not None]
        if len(self._rest) > LONGEST_ROW_BYTES:
            self._rest = b""
            if not self._is_skipping:
                number = self._line + 1
                rows.append(BadRow(number, number, _TOO_LONG, _HINT))
            self._is_skipping = True
        return rows

    def finish(self) -> list[Row]:
        """Return the row of a last line that no line feed ends."""
        row = self._row(self._rest) if self._rest else None
        self._rest = b""
        return [] if row is None else [row]

    def _row(self, line: bytes) -> Row | None:
        self._line += 1
        number = self._line
        if self._is_skipping:  # what is left of a line that was told of already
            self._is_skipping = False
            return None
        if not line or line.isspace():
            return None
        try:
            values = self._decode(line)
        except UnicodeDecodeError:
            return BadRow(number, number, "the line is not UTF-8", _HINT)
        except (msgspec.DecodeError, RecursionError) as error:
            reason = str(error).removeprefix("JSON is malformed: ")
            return BadRow(number, number, f"not JSON: {reason}", _HINT)
        if not isinstance(values, dict):
            return BadRow(number, number, "not a JSON object", _HINT)
        return InputRow(number, identify(values, number), values)
