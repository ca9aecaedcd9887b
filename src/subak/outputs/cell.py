"""table_cell: a value as a cell that no spreadsheet will execute."""

from __future__ import annotations

import re

from subak.outputs.legible import legible

_FORMULA = re.compile("\\s*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?%?")


def table_cell(value: str | float | bool) -> str | int | float:
    """Return a value as a cell of a CSV file.

    Text that a spreadsheet could take for a formula gets an apostrophe in front;
    numbers stay numbers. Quote all text, so that a reader that splits at semicolons
    finds no new cell that begins with a formula.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return value
    text = legible(value)
    is_formula = _FORMULA.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text
