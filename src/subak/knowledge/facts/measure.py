"""Measures: whether a number counts what the field asks for, in its unit and money."""

from __future__ import annotations

import re

from subak.knowledge.facts.schema import Field
from subak.knowledge.text.numbers import Number
from subak.knowledge.text.reading import ReadUnit, nearest_heading
from subak.knowledge.text.words import Span, fold

# Nouns that measure the same thing: a value stands with one of them, not with another.
_MEASURES = tuple(
    tuple(frozenset(unit.split()) for unit in family)
    for family in (
        (
            "year years anno anni tahun",
            "month months mese mesi bulan",
            "week weeks settimana settimane minggu",
            "day days giorno giorni hari",
            "hour hours ora ore jam",
        ),
        ("km kilometers kilometres", "m meters metres", "miles mile mi", "nm"),
        ("kwh", "mwh", "gwh", "twh"),
    )
)
_DOLLARS_TEXT = "USD AUD CAD NZD HKD SGD TWD BBD BSD BZD FJD JMD LRD NAD TTD XCD"
_DOLLARS = frozenset(_DOLLARS_TEXT.split())
_SHARED_SIGNS = {
    "$": _DOLLARS,
    "£": frozenset({"GBP", "EGP", "LBP", "SYP", "FKP", "SHP"}),
    "¥": frozenset({"JPY", "CNY"}),
    "Rs": frozenset({"INR", "PKR", "LKR", "NPR", "MUR", "SCR"}),
}

_LABEL_LEVEL = 7
_PERCENT = re.compile(r"%|\bper\s?cent|\bpersen\b|\bpercentual", re.IGNORECASE)
# A heading above a table that says what all its figures are: "Rates (per cent)".
_IN_PERCENT = re.compile(
    r"(?:\((?:(?:all|in|figures\s+in|valori\s+in|dati\s+in|dalam)\s+)*"
    r"(?:%|per\s?cent\w*|percentuale|persen)\)"
    r"|[,:–—-]\s*(?:in|dalam)?\s*(?:%|per\s?cent\w*|persen)"
    r"|\b(?:in|dalam)\s+(?:%|per\s?cent\w*|percentuale|persen)"
    r"(?:\s+(?:of|dari|del\w*)\s+\w+(?:\s+\w+)?)?)\W*$",
    re.IGNORECASE,
)


def fits(wanted: Field, number: Number, unit: ReadUnit) -> bool:
    """Tell whether a number is of the field's kind."""
    is_percent = number.percent or (
        not number.currency and _is_percent_column(unit, Span(number.start, number.end))
    )
    if wanted.kind == "percent" or wanted.unit.startswith("%"):
        return is_percent
    if number.percent:
        return False
    if wanted.kind == "number":
        return not number.currency
    return True


def wrong_unit(wanted: Field, number: Number) -> str:
    """Return an objection when a number is counted in another unit than the field's."""
    if wanted.kind == "money" and any(number.noun in names for names in _MEASURES[0]):
        return f"it is counted in {number.noun}"
    if wanted.kind == "money":
        if same_currency(wanted.unit, number.currency):
            return ""
        return f"it is an amount of {number.currency}, not of {wanted.unit}"
    own = fold(wanted.unit)
    for family in _MEASURES:
        mine = next((names for names in family if own in names), None)
        theirs = next((names for names in family if number.noun in names), None)
        if mine and theirs and mine != theirs:
            return f"it is counted in {number.noun}, not in {wanted.unit}"
    return ""


def same_currency(wanted: str, found: str) -> bool:
    """Tell whether a currency found in a text may be the wanted one."""
    if not wanted or not found or wanted == found:
        return True
    return wanted in _SHARED_SIGNS.get(found, ())


def _is_percent_column(unit: ReadUnit, place: Span) -> bool:
    if unit.unit.kind == "row":
        label = unit.text[unit.label.start : unit.label.end]
        titles = [unit.column_title(place), label]
        if any(_PERCENT.search(title) for title in titles):
            return True
        caption = nearest_heading(unit.unit)
        if caption is None:
            return False
        is_caption = caption.level > _LABEL_LEVEL
        said = _PERCENT if is_caption else _IN_PERCENT
        return bool(said.search(caption.text))
    nearest = nearest_heading(unit.unit)
    label = unit.text[: place.start]
    in_label = label.rstrip().endswith(("%)", "%:", "%):", "percent)", "percent):"))
    return in_label or bool(nearest and _PERCENT.search(nearest.text))
