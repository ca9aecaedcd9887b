"""show_value: a typed value as people write it."""

from __future__ import annotations

import math

from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.facts.ranges import show_ranges

_NO_BREAK = "\u00a0"


def show_value(value: FieldValue, unit: str = "") -> str:
    """Return the value with its unit: "45%", "50,000 USD", "yes"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return show_ranges(value, unit)
    text = value if isinstance(value, str) else _number(value)
    if not unit:
        return text
    return f"{text}%" if unit == "%" else f"{text}{_NO_BREAK}{unit}"


def _number(value: float) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    # A four-digit number may be a year, so grouping starts at five digits.
    if abs(value) < 10_000:
        return str(value).removesuffix(".0")
    return f"{value:,}".removesuffix(".0")
