"""Ranges: a value by bracket, such as the rates of an income tax."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_UNIT = " by "
_MAGNITUDES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


@dataclass(frozen=True, slots=True)
class Range:
    """One bracket: the value that holds between two bounds.

    Args:
        lower: Where it begins; what stands below belongs to another.
        upper: Where it ends, None when it is open.
        value: What holds there.
    """

    lower: float
    upper: float | None
    value: float


def ranges_unit(rate_unit: str, bound_unit: str) -> str:
    """Return the unit of a fact made of ranges: "% by EUR"."""
    return f"{rate_unit}{_UNIT}{bound_unit}".strip() if bound_unit else rate_unit


def split_unit(unit: str) -> tuple[str, str]:
    """Return the units of the values and of the bounds: "%" and "EUR"."""
    rate_unit, _, bound_unit = f" {unit}".partition(_UNIT)
    return rate_unit.strip(), bound_unit.strip()


def show_ranges(ranges: tuple[Range, ...], unit: str = "") -> str:
    """Return ranges as people read them: "23% up to EUR 28,000, 43% above".

    Args:
        unit: As ``ranges_unit`` made it.
    """
    rate_unit, bound_unit = split_unit(unit)
    shown = []
    for index, each in enumerate(ranges):
        value = show_amount(each.value, rate_unit)
        joins = index > 0 and ranges[index - 1].upper == each.lower
        shown.append(f"{value} {_show_bounds(each, bound_unit, joins=joins)}".rstrip())
    return ", ".join(shown)


def show_amount(value: float, unit: str) -> str:
    """Return a number as people write it in English, with its unit."""
    figure = _figure(value)
    if unit.startswith("%"):
        return f"{figure}{unit}"
    if len(unit) == 3 and unit.isupper():
        return f"{unit} {figure}"
    if value == 1 and unit.endswith("s"):
        unit = unit.removesuffix("s")
    return f"{figure} {unit}".strip()


def _show_bounds(each: Range, unit: str, *, joins: bool) -> str:
    upper = "" if each.upper is None else show_amount(each.upper, unit)
    if joins or not each.lower:
        if upper:
            return f"up to {upper}"
        return "above" if joins else ""
    lower = show_amount(each.lower, unit)
    return f"from {lower} to {upper}" if upper else f"above {lower}"


def _figure(value: float) -> str:
    """Large round amounts keep their magnitude word: 5.247 trillion."""
    for size, word in _MAGNITUDES:
        scaled = Decimal(repr(value)) / size
        if abs(scaled) >= 1 and scaled == round(scaled, 3):
            return f"{_plain(scaled)} {word}"
    return _plain(Decimal(repr(value)))


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
