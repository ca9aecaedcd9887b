"""Gold: what a document says of a field, and when a value agrees with it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import starmap

from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.facts.ranges import Range
from subak.knowledge.facts.schema import Field

# "From 18,201" and "over 18,200" draw the same line.
_BOUND_SLACK = 1.0
_MOST_WORDS_AROUND = 4
_ANY = "any"
_EXPECTED = {
    "percent": "a number",
    "money": "a number",
    "number": "a number",
    "boolean": "true or false",
    "ranges": "a list of [from, to or null, value]",
}
_WORD = re.compile(r"\w+(?:[^\s\w]\w+)*|[^\s\w]+")


@dataclass(frozen=True, slots=True)
class Gold:
    """Every value that is right.

    Args:
        accepted: Any of them; none when the document says nothing.
        may_be_missing: It is right, too, to find nothing.
    """

    accepted: tuple[FieldValue, ...]
    may_be_missing: bool

    def accepts(self, value: FieldValue) -> bool:
        """Tell whether the value is right."""
        return any(agrees(value, each) for each in self.accepted)


def read_gold(written: object, field: Field) -> Gold:
    """Return the gold a set file writes for a field.

    Raises:
        ValueError: It is no value of the field's kind; says what was expected.
    """
    several = written.get(_ANY) if isinstance(written, dict) else None
    if isinstance(written, dict) and (
        set(written) != {_ANY} or not isinstance(several, list) or not several
    ):
        raise ValueError('must be a value or {"any": [value, ...]}')
    choices = several if isinstance(several, list) else [written]
    accepted = tuple(read_value(each, field) for each in choices if each is not None)
    return Gold(accepted, may_be_missing=None in choices)


def read_value(written: object, field: Field) -> FieldValue:
    """Return a value of the field's kind.

    Raises:
        ValueError: It is none.
    """
    value: FieldValue | None = None
    if field.kind == "ranges":
        value = _read_ranges(written)
    elif field.kind == "boolean":
        value = written if isinstance(written, bool) else None
    elif field.is_number:
        is_number = isinstance(written, int | float) and not isinstance(written, bool)
        value = float(written) if is_number else None  # type: ignore[arg-type]
    elif isinstance(written, str) and written.strip():
        value = written
    if value is None:
        raise ValueError(f"must be {_EXPECTED.get(field.kind, 'text')}")
    return value


def agrees(value: FieldValue, gold: FieldValue) -> bool:
    """Tell whether two values say the same.

    Numbers are compared with the exactness of floats, bounds of ranges within one,
    texts by their words: a name may stand in a few words more.
    """
    if isinstance(value, bool) or isinstance(gold, bool):
        return value is gold
    if isinstance(value, str) and isinstance(gold, str):
        return _says(_words(value), _words(gold))
    if isinstance(value, tuple) and isinstance(gold, tuple):
        return len(value) == len(gold) and all(
            starmap(_is_same_range, zip(value, gold, strict=True))
        )
    if isinstance(value, int | float) and isinstance(gold, int | float):
        return _is_same_number(value, gold)
    return False


def _read_ranges(written: object) -> tuple[Range, ...] | None:
    if not isinstance(written, list) or not written:
        return None
    found: list[Range] = []
    for row in written:
        if not isinstance(row, list) or len(row) != 3 or not _is_range(*row):
            return None
        lower, upper, value = row
        found.append(Range(float(lower), upper and float(upper), float(value)))
    return tuple(found)


def _is_range(lower: object, upper: object, value: object) -> bool:
    numbers = [lower, value, *([] if upper is None else [upper])]
    return all(isinstance(n, int | float) and n is not True for n in numbers)


def _is_same_number(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def _is_same_range(one: Range, other: Range) -> bool:
    if not _is_same_number(one.value, other.value):
        return False
    if one.upper is None or other.upper is None:
        uppers_agree = one.upper is other.upper
    else:
        uppers_agree = abs(one.upper - other.upper) <= _BOUND_SLACK
    return uppers_agree and abs(one.lower - other.lower) <= _BOUND_SLACK


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _says(said: list[str], gold: list[str]) -> bool:
    if len(said) > len(gold) + _MOST_WORDS_AROUND:
        return False
    starts = range(len(said) - len(gold) + 1)
    return any(said[start : start + len(gold)] == gold for start in starts)
