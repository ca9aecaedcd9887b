"""The demo's sites: which pages each shows on which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from subak.demo.face import Face
from subak.demo.factbook import Edition, load_profile
from subak.demo.pages import TOPICS, Topic, country_body
from subak.demo.rate_pages import (
    IN_INDONESIAN,
    REGISTER_FACE,
    TABLES_FACE,
    register_body,
    table_body,
)
from subak.demo.rates import Rates, load_rates, rate_before


@dataclass(frozen=True, slots=True)
class Site:
    """One site: its face, and its pages' HTML by path."""

    face: Face
    pages: Mapping[str, str]
    menu: Mapping[str, str]


def make_sites(countries: Sequence[str], edition: Edition) -> tuple[Site, ...]:
    """Return the sites, in the order of their addresses, as they are on that day.

    On the earlier day the Factbook's sites show the edition of 2014/15, and the tables
    the rate before its newest change; the register is the same on both days.
    """
    rates = load_rates()
    return (
        *(_factbook_site(topic, countries, edition) for topic in TOPICS),
        _register_site(rates),
        _tables_site(rates, edition),
    )


def _factbook_site(topic: Topic, countries: Sequence[str], edition: Edition) -> Site:
    face, menu = topic.face, _menu(countries)
    pages = {
        path: face.page(
            f"{name} - {face.title}",
            country_body(topic, load_profile(name, edition)),
            menu,
        )
        for path, name in menu.items()
    }
    return Site(face, pages, menu)


def _register_site(rates: Rates) -> Site:
    face, menu = REGISTER_FACE, _menu(rates.register)
    pages = {
        path: face.page(
            f"{name} - {face.title}",
            register_body(name, rates.register[name], rates.date),
            menu,
            date=rates.date,
        )
        for path, name in menu.items()
    }
    return Site(face, pages, menu)


def _tables_site(rates: Rates, edition: Edition) -> Site:
    face, menu = TABLES_FACE, _menu(rates.tables)
    pages = {}
    for path, name in menu.items():
        rate = rates.tables[name]
        shown = rate_before(rate) if edition == "earlier" else rate
        language = "id" if name in IN_INDONESIAN else "en"
        body = table_body(name, shown)
        pages[path] = face.page(f"{name} - {face.title}", body, menu, language=language)
    return Site(face, pages, menu)


def _menu(names: Iterable[str]) -> dict[str, str]:
    return {f"/countries/{_slug(name)}.html": name for name in names}


def _slug(country: str) -> str:
    return country.lower().replace(" ", "-")
