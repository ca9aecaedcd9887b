"""Pages: the site's templates, filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from subak.outputs.legible import legible
from subak.outputs.links import web_host, web_link
from subak.outputs.paths import Paths
from subak.outputs.site import Site
from subak.outputs.times import day, iso_time
from subak.outputs.values import show_value

if TYPE_CHECKING:
    from jinja2 import Environment

_ROW = re.compile(r"\s*\|")
_RULE = re.compile(r"[|:\s-]*-[|:\s-]*")
_TIERS = {1: "Official source", 2: "Press", 3: "Community"}


class Pages:
    """Renders pages; every text that is not a template is escaped."""

    def __init__(self, site: Site) -> None:
        self._environment = _environment()
        self._environment.globals.update(site=site, paths=Paths, results=site.results)

    def render(self, template: str, *, root: str = "", **values: object) -> str:
        """Return the page; ``root`` leads from it to the site's root."""
        page = self._environment.get_template(template).render(root=root, **values)
        return legible(page)


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("subak.outputs"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        day=day,
        iso=iso_time,
        host=web_host,
        link=web_link,
        label=_label,
        plain=_plain,
        counted=_counted,
        shown=show_value,
        tier=lambda number: _TIERS.get(number, ""),
    )
    return environment


def _label(name: str) -> str:
    """Return a name of the recipe as a heading: "income-tax" is "Income tax"."""
    if not name.strip():
        return "General"
    if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", name):
        return name
    text = re.sub("[-_]", " ", name)
    return text[:1].upper() + text[1:]


def _plain(quote: str) -> str:
    """Return a quote without marks of structure: "| a | b |" is "a · b"."""
    lines = (re.sub(r"^(?:#{1,6}|[-*•]) +", "", line) for line in quote.split("\n"))
    return "\n".join(_cells(line) for line in lines if not _RULE.fullmatch(line))


def _cells(line: str) -> str:
    if not _ROW.match(line):
        return line
    cells = (cell.strip() for cell in re.split(r"(?<!\\)\|", line))
    return " · ".join(cell.replace("\\|", "|") for cell in cells if cell)


def _counted(count: int, one: str, many: str = "") -> str:
    noun = one if count == 1 else many or f"{one}s"
    return f"{count:,} {noun}"
