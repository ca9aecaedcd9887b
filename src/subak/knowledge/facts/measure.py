"""Measures: whether a number counts what the field asks for, in its unit and money."""

from __future__ import annotations

from subak.knowledge.facts.schema import Field
from subak.knowledge.text.numbers import Number
from subak.knowledge.text.words import fold

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
