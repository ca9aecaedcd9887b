"""Structure: the rules a list of ranges must keep as a whole."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Literal

from subak.knowledge.facts.ranges import Range, show_amount

StructureRule = Literal["starts", "joins", "rises", "open"]
ALL_RULES: tuple[StructureRule, ...] = ("starts", "joins", "rises", "open")
# "28,001 to 50,000" begins where "up to 28,000" ends.
_STEP = 1.0


def find_flaw(
    ranges: Sequence[Range],
    rules: Collection[StructureRule],
    tax_free: Collection[float] = (),
) -> str:
    """Return what is wrong with a list of ranges, "" for nothing.

    That every range ends above its beginning, and after the one before it, is always
    asked.

    Args:
        ranges: The list.
        rules: "starts": the first begins at zero or at a tax-free amount; "joins":
            each begins where the one before ends; "rises": values rise; "open": the
            last has no end.
        tax_free: Amounts the text calls free of it.
    """
    if not ranges:
        return "the list is empty"
    for each in ranges:
        if each.upper is not None and each.upper <= each.lower:
            return f"the range to {_show(each.upper)} ends before it begins"
    if "starts" in rules and ranges[0].lower and ranges[0].lower not in tax_free:
        return (
            f"the first range begins at {_show(ranges[0].lower)}, "
            "not at zero or a tax-free amount"
        )
    for before, each in pairwise(ranges):
        if flaw := _flaw_between(before, each, rules):
            return flaw
    if "open" in rules and ranges[-1].upper is not None:
        return f"the last range ends at {_show(ranges[-1].upper)}; nothing is above it"
    return ""


def joins(end: float, begin: float) -> bool:
    """Tell whether a range that begins there follows one that ends there."""
    return end <= begin <= end + _STEP


def _flaw_between(before: Range, each: Range, rules: Collection[StructureRule]) -> str:
    if before.upper is None:
        return f"the range from {_show(before.lower)} has no end, but another follows"
    if each.lower < before.upper:
        return f"the ranges overlap below {_show(before.upper)}"
    if "joins" in rules and each.lower != before.upper:
        return f"nothing is said from {_show(before.upper)} to {_show(each.lower)}"
    if "rises" in rules and each.value <= before.value:
        return (
            f"the value doesn't rise from {_show(before.value)} to {_show(each.value)}"
        )
    return ""


def _show(value: float) -> str:
    return show_amount(value, "")
