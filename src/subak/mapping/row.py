"""Row: one row of the input, readable or not; where it stood and what it is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RowId = str | int | float


@dataclass(frozen=True, slots=True)
class InputRow:
    """A row that could be read.

    Args:
        number: Its line in the file, or its place in an iterable, from 1.
        id: Its field "id" where that is a text or a number, else its number.
        values: Its fields.
    """

    number: int
    id: RowId
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read.

    Args:
        problem: What is wrong with it.
        hint: What to do about it.
    """

    number: int
    id: RowId
    problem: str
    hint: str


Row = InputRow | BadRow


def identify(values: Mapping[str, object], number: int) -> RowId:
    """Return a row's own id, or its number where it has none that can be one."""
    own = values.get("id")
    if isinstance(own, str):
        return own or number
    if isinstance(own, int | float) and not isinstance(own, bool):
        return own
    return number
