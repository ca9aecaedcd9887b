"""The gazette: a sixth site for recipes of one's own, with news in whole sentences.

Every figure, date and rule in it is one of the Factbook's or of the tables of VAT
rates; the sentences around them are ours.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from babel.dates import format_date

from subak.demo.face import Face
from subak.demo.factbook import Profile, load_profile
from subak.demo.rates import TableRate, load_rates
from subak.demo.sites import Site

GAZETTE_FACE = Face(
    "gazette",
    "The Daily Gazette",
    "What is new for people and firms abroad.",
    "figures: The World Factbook, public domain; sales-tax, MIT",
)
_SHARE = re.compile(r"(-?\d+(?:\.\d+)?)%")
_YEAR = re.compile(r"\d{4}")
_YEARS = re.compile(r"\d+ years")


def gazette_site(countries: Sequence[str]) -> Site:
    """Return the gazette: for each category and country one page of news."""
    rates = load_rates()
    menu: dict[str, str] = {}
    pages: dict[str, str] = {}
    for category, (title, tell) in _DESKS.items():
        for name in countries:
            path = f"/{category}/{_slug(name)}.html"
            menu[path] = f"{title} in {name}"
            pages[path] = " ".join(tell(load_profile(name)))
    for name, rate in rates.tables.items():
        path = f"/tax/{_slug(name)}.html"
        menu[path] = f"Taxes in {name}"
        pages[path] = " ".join(_taxes(name, rate))
    return Site(
        GAZETTE_FACE,
        {
            path: GAZETTE_FACE.page(
                f"{menu[path]} - {GAZETTE_FACE.title}",
                f"<article><h1>{_text(menu[path])}</h1>\n<p>{_text(text)}</p></article>",
                menu,
                date=rates.date,
            )
            for path, text in pages.items()
        },
        menu,
    )


def gazette_paths(category: str, site: Site) -> list[str]:
    """Return the paths of a category's pages."""
    return [path for path in site.pages if path.startswith(f"/{category}/")]


def _taxes(name: str, rate: TableRate) -> Iterator[str]:
    now = _percent(rate.standard)
    if rate.before is not None:
        moved = "raised" if rate.standard > rate.before else "lowered"
        day = format_date(date.fromisoformat(rate.since), "d MMMM y", locale="en")
        yield (
            f"{name} {moved} its standard rate of value added tax from "
            f"{_percent(rate.before)} to {now} on {day}."
        )
    else:
        yield f"The standard rate of value added tax in {name} is {now}."
    yield f"Firms in {name} make out their invoices in {rate.currency}."


def _citizenship(profile: Profile) -> Iterator[str]:
    name, rules = profile.country, _lines(profile, "Government", "Citizenship")
    if by_birth := rules.get("citizenship by birth", ""):
        grants = "grants" if by_birth.startswith("yes") else "does not grant"
        yield f"{name} {grants} citizenship by birth."
    parent = rules.get("citizenship by descent only", "")
    if parent.startswith("at least one parent"):
        yield f"For citizenship by descent in {name}, {parent}."
    both = rules.get("dual citizenship recognized", "")
    if both:
        accepts = "recognizes" if both.startswith("yes") else "does not recognize"
        rest = both.partition(", ")[2]
        told = f"{name} {accepts} dual citizenship"
        yield f"{told}, {rest}." if rest.startswith("but ") else f"{told}."
    years = rules.get("residency requirement for naturalization", "")
    if _YEARS.fullmatch(years):
        yield (
            f"Foreigners must live in {name} for {years} before they can be "
            "naturalized."
        )


def _economy(profile: Profile) -> Iterator[str]:
    name = profile.country
    prices = _by_year(profile, "Inflation rate (consumer prices)")
    for year, share, before in prices[:1]:
        yield (
            f"Consumer prices in {name} rose by {share} in {year}, after {before} in "
            f"{int(year) - 1}."
        )
    for year, share, before in _by_year(profile, "Unemployment rate")[:1]:
        yield (
            f"Unemployment in {name} stood at {share} in {year}, compared with "
            f"{before} a year earlier."
        )
    debt = _lines(profile, "Economy", "Public debt")
    for year, text in debt.items():
        if _YEAR.fullmatch(year) and (found := _SHARE.match(text)):
            yield (
                f"The public debt of {name} amounted to {found[1]} % of gross domestic "
                f"product in {year}."
            )


def _energy(profile: Profile) -> Iterator[str]:
    name = profile.country
    sources = _lines(profile, "Energy", "Electricity generation sources")
    for label, told in (
        ("fossil fuels", "Fossil fuels made up"),
        ("hydroelectricity", "Hydroelectric plants provided"),
        ("solar", "Solar power reached"),
    ):
        found, year = _SHARE.match(sources.get(label, "")), sources.get(label, "")[-11:]
        if found and (when := _YEAR.search(year)):
            yield (
                f"{told} {found[1]} % of the installed capacity of {name} in {when[0]}."
            )


_DESKS: Mapping[str, tuple[str, Callable[[Profile], Iterator[str]]]] = {
    "immigration": ("Citizenship", _citizenship),
    "banking": ("Money and work", _economy),
    "environment": ("Energy", _energy),
}


def _lines(profile: Profile, section: str, name: str) -> dict[str, str]:
    entries = profile.sections.get(section, ())
    return {
        label: text
        for entry in entries
        if entry.name == name
        for label, text in entry.lines
    }


def _by_year(profile: Profile, name: str) -> list[tuple[str, str, str]]:
    """Return year, share, and the share a year earlier, the newest first."""
    lines = _lines(profile, "Economy", name)
    shares = {
        int(year): found[1]
        for year, text in lines.items()
        if _YEAR.fullmatch(year) and (found := _SHARE.match(text))
    }
    return [
        (str(year), f"{share} %", f"{shares[year - 1]} %")
        for year, share in sorted(shares.items(), reverse=True)
        if year - 1 in shares and not share.startswith("-")
    ]


def _percent(value: float) -> str:
    return f"{value:g} %"


def _slug(country: str) -> str:
    return country.lower().replace(" ", "-")


def _text(text: str) -> str:
    return html.escape(text)
