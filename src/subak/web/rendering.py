"""Rendering: templates to HTML, with what every page of the dashboard has."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from subak import __version__
from subak.knowledge.articles.quote_line import quote_line
from subak.outputs.links import web_link
from subak.views import page as report_page
from subak.views import wording
from subak.web.page import Page, Shown

_HERE = Path(__file__).parent
_REPORT_TEMPLATES = Path(report_page.__file__).parent / "templates"
_TEMPLATES = (_HERE / "templates", _HERE / "pages" / "templates", _REPORT_TEMPLATES)
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FILTERS: Sequence[Callable[..., object]] = (
    wording.duration,
    wording.count,
    wording.moment,
    wording.shorten,
    wording.middle,
    wording.size,
    quote_line,
)


@dataclass(frozen=True, slots=True)
class Asset:
    """A style sheet, script or picture of the dashboard itself."""

    media_type: str
    body: bytes

    @property
    def digest(self) -> str:
        """Return what changes when the file does."""
        return hashlib.blake2b(self.body, digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the navigation."""

    title: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a page stands in.

    Args:
        name: The workspace's in addresses.
        folder: Its own.
        can_start: A recipe is known and nothing runs.
        stream: Address of the live changes, "" for none.
        refresh_s: How often a browser without scripts asks anew.
    """

    name: str
    folder: Path
    form_token: str
    now: float
    is_alive: bool = False
    can_start: bool = False
    has_more_workspaces: bool = False
    stream: str = ""
    refresh_s: int = 30


class Rendering:
    """The templates of a dashboard with these pages."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self._pages = {page.name: page for page in pages}
        self._navigation = sorted(
            (page for page in pages if page.place is not None),
            key=lambda page: page.place or 0,
        )
        self.assets: Mapping[str, Asset] = MappingProxyType(_read_assets())
        self._environment = _environment()

    def page(self, page: Page, shown: Shown, around: Surroundings) -> str:
        """Return a whole page."""
        values = {
            **self._values(around),
            "page": page,
            "title": shown.title or page.title,
            "navigation": self._entries(page, around.name),
        }
        return self._render(shown.template, {**values, **shown.values})

    def part(
        self, template: str, values: Mapping[str, object], around: Surroundings
    ) -> str:
        """Return a part of a page."""
        return self._render(template, {**self._values(around), **values})

    def bare(self, template: str, **values: object) -> str:
        """Return a page that belongs to no workspace."""
        return self._render(template, {"static": self._static, **values})

    def address(self, workspace: str, name: str, values: Mapping[str, object]) -> str:
        """Return the address of a page of a workspace."""
        start = workspace_address(workspace)
        return f"{start}{self._pages[name].address(values)}"

    def _values(self, around: Surroundings) -> dict[str, object]:
        def link(name: str, **values: object) -> str:
            return self.address(around.name, name, values)

        return {
            "link": link,
            "has_page": self._pages.__contains__,
            "has_asset": self.assets.__contains__,
            "static": self._static,
            "near": lambda path: wording.near(path, around.folder),
            "workspace_name": around.name,
            "action": lambda name: f"{workspace_address(around.name)}do/{name}",
            "form_token": around.form_token,
            "now": around.now,
            "is_alive": around.is_alive,
            "can_start": around.can_start,
            "has_more_workspaces": around.has_more_workspaces,
            "stream": around.stream,
            "refresh_s": around.refresh_s,
        }

    def _entries(self, current: Page, workspace: str) -> list[Entry]:
        marked = current.under or current.name
        return [
            Entry(
                page.title, self.address(workspace, page.name, {}), page.name == marked
            )
            for page in self._navigation
        ]

    def _static(self, name: str) -> str:
        return f"/static/{name}?v={self.assets[name].digest}"

    def _render(self, template: str, values: Mapping[str, object]) -> str:
        html = self._environment.get_template(template).render(values)
        return html.encode("utf-8", "replace").decode("utf-8")


def workspace_address(name: str) -> str:
    """Return where the pages of a workspace begin."""
    return f"/w/{quote(name, safe='')}/"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["version"] = __version__
    environment.filters["web_link"] = lambda url: web_link(str(url or ""))
    for function in _FILTERS:
        environment.filters[function.__name__] = function
    return environment


def _read_assets() -> dict[str, Asset]:
    paths = sorted((_HERE / "static").iterdir())
    paths.append(_REPORT_TEMPLATES / "report.css")
    return {
        path.name: Asset(_TYPES[path.suffix], path.read_bytes())
        for path in paths
        if path.suffix in _TYPES
    }
