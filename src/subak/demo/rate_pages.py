"""Pages about VAT on the demo web: an Italian register, and tables in two languages."""

from __future__ import annotations

import html
from datetime import date, timedelta

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from subak.demo.face import Face
from subak.demo.rates import RegisterRate, TableRate

REGISTER_FACE = Face(
    "register",
    "Registro europeo dell'IVA",
    "Le aliquote in vigore, paese per paese.",
    "eu-vat-rates-data, MIT",
    "it",
)
TABLES_FACE = Face(
    "tables",
    "Sales Tax Tables",
    "Rates of VAT and GST for invoices.",
    "sales-tax, MIT",
)
# The tables' page of a country is in English unless it stands here.
IN_INDONESIAN = frozenset({"Liechtenstein"})
_CODES = {
    "Estonia": "EE",
    "Germany": "DE",
    "Italy": "IT",
    "Liechtenstein": "LI",
}


def register_body(country: str, rate: RegisterRate, day: str) -> str:
    """Return the main part of a country's page in the register: an Italian table."""
    name = _name(country, "it")
    reduced = " e ".join(_percent(each, "it") for each in rate.reduced)
    rows = {
        "Aliquota ordinaria": _percent(rate.standard, "it"),
        "Aliquote ridotte": reduced or "nessuna",
        "Nome locale dell'imposta": f"{rate.local_name} ({rate.local_short})",
        "Valuta": rate.currency,
    }
    table = "".join(
        f"<tr><td>{_text(label)}</td><td>{_text(value)}</td></tr>"
        for label, value in rows.items()
    )
    told = format_date(date.fromisoformat(day), "d MMMM y", locale="it")
    return (
        f"<article><h1>{_text(name)}: imposta sul valore aggiunto (IVA)</h1>\n"
        f"<p>Aliquote dell'imposta sul valore aggiunto in {_text(name)} "
        f"secondo il registro del {told}.</p>\n"
        "<table><thead><tr><th>Voce</th><th>Valore</th></tr></thead>"
        f"<tbody>{table}</tbody></table></article>"
    )


def table_body(country: str, rate: TableRate) -> str:
    """Return the main part of a country's page in the tables."""
    if country in IN_INDONESIAN:
        return _indonesian_lines(country, rate)
    return _english_list(country, rate)


def _english_list(country: str, rate: TableRate) -> str:
    lines = [f"Standard rate of value added tax (VAT): {_percent(rate.standard, 'en')}"]
    if rate.before is not None:
        begin = date.fromisoformat(rate.since)
        lines[0] += f" since {_english_day(begin)}"
        last = _english_day(begin - timedelta(days=1))
        lines.append(f"Until {last} the rate was {_percent(rate.before, 'en')}")
    lines.append(f"Invoices are made out in {rate.currency}")
    items = "".join(f"<li>{_text(line)}</li>" for line in lines)
    return (
        f"<article><h1>VAT in {_text(country)}</h1>\n"
        f"<p>What an invoice to a customer in {_text(country)} must state.</p>\n"
        f"<ul>{items}</ul></article>"
    )


def _indonesian_lines(country: str, rate: TableRate) -> str:
    name = _name(country, "id")
    return (
        f"<article><h1>Pajak pertambahan nilai di {_text(name)}</h1>\n"
        f"<p>Halaman ini menjelaskan pajak yang berlaku bagi faktur kepada pelanggan "
        f"di {_text(name)}.</p>\n"
        f"<p>Tarif standar pajak pertambahan nilai (PPN): "
        f"{_percent(rate.standard, 'id')}.</p>\n"
        f"<p>Faktur dibuat dalam mata uang {rate.currency}.</p></article>"
    )


def _english_day(day: date) -> str:
    return str(format_date(day, "d MMMM y", locale="en"))


def _name(country: str, language: str) -> str:
    return str(Locale(language).territories[_CODES[country]])


def _percent(value: float, language: str) -> str:
    number = format_decimal(value, locale=language)
    return f"{number} persen" if language == "id" else f"{number} %"


def _text(text: str) -> str:
    return html.escape(text)
