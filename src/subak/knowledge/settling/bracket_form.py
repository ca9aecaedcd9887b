"""BracketForm: how a file writes ranges: its keys, its open end, its gaps between."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from subak.knowledge.facts.ranges import Range

_LOWER = ("min", "from", "lower", "over")
_UPPER = ("max", "to", "upper", "upTo")
_VALUE = ("rate", "value", "percent")


@dataclass(frozen=True, slots=True)
class BracketForm:
    """How ranges are written as a list of tables.

    Args:
        lower: Key of the lower bound.
        upper: Key of the upper bound.
        value: Key of what holds between them.
        open_end: How the last upper bound is written: as null, as Infinity or not.
        step: What the next lower bound lies above the upper one: 12,348 and 12,349.
    """

    lower: str = "min"
    upper: str = "max"
    value: str = "rate"
    open_end: Literal["null", "infinity", "absent"] = "null"
    step: float = 0

    def read(self, rows: object) -> tuple[Range, ...]:
        """Return the ranges of a list of tables, none when it is something else."""
        if not isinstance(rows, list):
            return ()
        ranges: list[Range] = []
        for row in rows:
            one = self._range(row) if isinstance(row, Mapping) else None
            if one is None:
                return ()
            ranges.append(one)
        return self._joined(ranges)

    def write(self, ranges: tuple[Range, ...]) -> list[dict[str, object]]:
        """Return ranges as the file writes them."""
        return [self._row(number, one) for number, one in enumerate(ranges)]

    def _range(self, row: Mapping[str, object]) -> Range | None:
        lower = row.get(self.lower, 0)
        upper = row.get(self.upper)
        value = row.get(self.value)
        if not _is_number(lower) or not _is_number(value):
            return None
        if upper is None or upper == math.inf:
            return Range(_float(lower), None, _float(value))
        if not _is_number(upper):
            return None
        return Range(_float(lower), _float(upper), _float(value))

    def _joined(self, ranges: list[Range]) -> tuple[Range, ...]:
        if not self.step or not ranges:
            return tuple(ranges)
        joined = [
            Range(before.upper, each.upper, each.value)
            if before.upper is not None and _gap(before.upper, each.lower) == self.step
            else each
            for before, each in pairwise(ranges)
        ]
        return (ranges[0], *joined)

    def _row(self, number: int, one: Range) -> dict[str, object]:
        lower = one.lower + self.step if number and one.lower else one.lower
        row: dict[str, object] = {self.lower: lower}
        if one.upper is not None:
            row[self.upper] = one.upper
        elif self.open_end != "absent":
            row[self.upper] = None if self.open_end == "null" else math.inf
        return {**row, self.value: one.value}


def find_form(rows: object) -> BracketForm | None:
    """Return the form of a list of tables, None when it holds no ranges."""
    if not isinstance(rows, list) or not rows:
        return None
    tables = [row for row in rows if isinstance(row, Mapping)]
    if len(tables) < len(rows):
        return None
    lower = _key_of(tables, _LOWER)
    value = _key_of(tables, _VALUE)
    if not value or not (lower or _key_of(tables, _UPPER)):
        return None
    upper = _key_of(tables, _UPPER) or "max"
    last = tables[-1]
    open_end: Literal["null", "infinity", "absent"] = "null"
    if upper not in last:
        open_end = "absent"
    elif last[upper] == math.inf:
        open_end = "infinity"
    plain = BracketForm(lower or "min", upper, value, open_end)
    return BracketForm(lower or "min", upper, value, open_end, _step(plain.read(rows)))


def _key_of(tables: list[Mapping[str, object]], names: tuple[str, ...]) -> str:
    found = (name for name in names if any(name in table for table in tables))
    return next(found, "")


def _step(ranges: tuple[Range, ...]) -> float:
    steps = {
        _gap(before.upper, each.lower)
        for before, each in pairwise(ranges)
        if before.upper is not None
    }
    return steps.pop() if len(steps) == 1 and steps <= {1.0, 0.01} else 0


def _gap(upper: float, lower: float) -> float:
    return round(lower - upper, 6)


def _is_number(value: object) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and math.isfinite(_float(value))


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
