"""Ready: shipped recipes turned to the demo's small web, each in its own folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from subak.demo.gazette import gazette_paths
from subak.demo.sites import Site
from subak.engine.atomic import write_atomically
from subak.recipes.starter import write_starter

_COLUMNS = "name,kind,url,category,tier,language,entities"
_LIST = 'list = "sources.csv"\n'
_LOOPBACK = 'allow_hosts = ["127.0.0.0/8"]\n'
_SOURCE = re.compile(r"\[\[source\]\]\n.*?\n\n", re.DOTALL)
_CLAIMS = re.compile(r'\[\[claims\]\]\ncategory = "([^"]+)"\n.*?\n\n', re.DOTALL)
_RATES = ("register", "tables")
RECIPES = ("intel", "tax")
"""Shipped recipes that the small web has pages for."""


def write_ready(folder: Path, sites: Sequence[Site], bases: Mapping[str, str]) -> None:
    """Write each of ``RECIPES`` for these sites into a folder of its own.

    Args:
        sites: What is served.
        bases: Addresses by site.

    Raises:
        UserError: A folder has a recipe already.
    """
    rows = list(_gazette_rows(sites, bases))
    served = {row.split(",")[3] for row in rows}
    rates = list(_rate_rows(sites, bases, "rates"))
    intel, tax = (folder / name for name in RECIPES)
    text = _started("intel", intel)
    text = _CLAIMS.sub(lambda one: one[0] if one[1] in served else "", text)
    _write(intel, text, [*rows, *rates])
    _write(tax, _started("tax", tax), list(_rate_rows(sites, bases, "tax")))


def _started(name: str, folder: Path) -> str:
    write_starter(name, folder)
    return (folder / "recipe.toml").read_text(encoding="utf-8")


def _write(folder: Path, text: str, rows: Sequence[str]) -> None:
    source = f"[[source]]\n{_LIST}{_LOOPBACK}\n"
    text = _SOURCE.sub(lambda _: source, text, count=1)
    write_atomically(folder / "recipe.toml", text.encode())
    listed = "\n".join((_COLUMNS, *rows)) + "\n"
    write_atomically(folder / "sources.csv", listed.encode())


def _gazette_rows(sites: Sequence[Site], bases: Mapping[str, str]) -> Iterator[str]:
    for site in sites:
        if site.face.name != "gazette":
            continue
        for category in dict.fromkeys(path.split("/")[1] for path in site.pages):
            for path in gazette_paths(category, site):
                country = site.menu[path].partition(" in ")[2]
                yield _row(
                    category, bases["gazette"] + path, category, 2, "en", country
                )


def _rate_rows(
    sites: Sequence[Site], bases: Mapping[str, str], category: str
) -> Iterator[str]:
    for site in sites:
        name = site.face.name
        if name in _RATES:
            tier = 1 + _RATES.index(name)
            language = site.face.language if name == "register" else ""
            for path, country in site.menu.items():
                url = bases[name] + path
                yield _row(name, url, category, tier, language, country)


def _row(
    name: str, url: str, category: str, tier: int, language: str, entity: str
) -> str:
    page = url.rsplit("/", 1)[-1].removesuffix(".html")
    own = f"{name}-{page}"
    return f"{own},page,{url},{category},{tier},{language},{entity}"
