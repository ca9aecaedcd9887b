"""VAT rates of two public lists (MIT): a dated register, and tables with history."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

REGISTER = ("Germany", "Italy", "Liechtenstein")
TABLES = ("Estonia", "Liechtenstein")


@dataclass(frozen=True, slots=True)
class RegisterRate:
    """What the register says of a country."""

    standard: float
    reduced: tuple[float, ...]
    currency: str
    local_name: str
    local_short: str


@dataclass(frozen=True, slots=True)
class TableRate:
    """What the tables say of a country.

    Args:
        standard: Rate in force.
        currency: ISO code.
        since: Day it came into force, "" when the tables have no earlier rate.
        before: The rate before that day.
    """

    standard: float
    currency: str
    since: str = ""
    before: float | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """Both lists.

    Args:
        date: Of the register.
    """

    date: str
    register: Mapping[str, RegisterRate]
    tables: Mapping[str, TableRate]


def load_rates() -> Rates:
    """Return the rates of the countries that the demo shows."""
    path = files("subak.demo") / "data" / "rates.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    register, tables = data["register"], data["tables"]["rates"]
    return Rates(
        register["date"],
        {name: _register_rate(register["rates"][name]) for name in REGISTER},
        {name: _table_rate(tables[name]) for name in TABLES},
    )


def rate_before(rate: TableRate) -> TableRate:
    """Return what the tables said before the newest change."""
    if rate.before is None:
        return rate
    return TableRate(rate.before, rate.currency)


def _register_rate(row: Mapping[str, object]) -> RegisterRate:
    reduced = [*_numbers(row["reduced"]), *_numbers([row["super_reduced"]])]
    return RegisterRate(
        standard=_numbers([row["standard"]])[0],
        reduced=tuple(sorted(reduced)),
        currency=str(row["currency"]),
        local_name=str(row["vat_name"]),
        local_short=str(row["vat_abbr"]),
    )


def _table_rate(row: Mapping[str, object]) -> TableRate:
    standard, currency = _numbers([row["rate"]])[0], str(row["currency"])
    before = row["before"]
    if not isinstance(before, dict) or not before:
        return TableRate(standard, currency)
    last = max(before)  # of the rate before
    since = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    return TableRate(standard, currency, since, _numbers([before[last]])[0])


def _numbers(values: object) -> list[float]:
    found = values if isinstance(values, list) else []
    return [float(value) for value in found if isinstance(value, int | float)]
