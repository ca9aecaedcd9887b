"""Looker: reads and renders pages of a workspace as the dashboard does, and checks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urldefrag

from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.web.page import Asked, Page, Shown
from subak.web.pages.contents import PAGES
from subak.web.rendering import Rendering, Surroundings
from tests.page_outline import PageOutline

NAME = "job"
_START = f"/w/{NAME}/"
_NOW = Page("now", "", "Now", lambda _: Shown())
_FIELD = re.compile(r"\{(\w+)(:path)?\}")
_HREF = re.compile(r'\bhref="([^"]*)"')
_ANCHOR = re.compile(r"<a\b[^>]*>")
_DESCRIBED = re.compile(r'aria-describedby="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Look:
    """A page as it was rendered."""

    name: str
    shown: Shown
    html: str
    ids: frozenset[str]

    @property
    def text(self) -> str:
        """Return what people read, tags left out."""
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self.html)).split())

    def links(self, name: str = "") -> Iterator[str]:
        """Yield the addresses it links to, those of one page where it is named."""
        for href in _HREF.findall(self.html):
            address = unescape(href)
            if address.startswith(_START) and (not name or find_page(address) == name):
                yield address


@dataclass(frozen=True, slots=True)
class Looker:
    """Looks at the pages of one workspace."""

    folder: Path
    is_alive: bool = False
    rendering: Rendering = field(default_factory=lambda: Rendering((_NOW, *PAGES)))

    def look(self, name: str, **values: str) -> Look:
        """Return a page, checked to be well-formed and free of script."""
        return self._look(name, values, None)

    def send(self, name: str, **form: str) -> Look:
        """Return what a page answers to a form."""
        return self._look(name, {}, form)

    def follow(self, address: str) -> Look:
        """Return the page an address leads to; its anchor is checked to be there."""
        place, anchor = urldefrag(address)
        name, values = _resolve(place)
        look = self._look(name, values, None)
        assert not anchor or anchor in look.ids, (address, sorted(look.ids))
        return look

    def _look(
        self, name: str, values: Mapping[str, str], form: Mapping[str, str] | None
    ) -> Look:
        page = next(page for page in PAGES if page.name == name)
        assert page.read is not None
        inside = {match[1] for match in _FIELD.finditer(page.path)}
        db = open_reader(Workspace(self.folder).journal)
        try:
            asked = Asked(
                workspace=Workspace(self.folder),
                db=db,
                now=1_795_400_000.0,
                is_alive=self.is_alive,
                path={key: text for key, text in values.items() if key in inside},
                query={key: text for key, text in values.items() if key not in inside},
                form=form,
            )
            shown = page.read(asked)
            html = self.rendering.page(page, shown, self._around())
        finally:
            db.close()
        return Look(name, shown, html, _checked(html))

    def _around(self) -> Surroundings:
        return Surroundings(NAME, self.folder, "form-token", 0.0, self.is_alive, True)


def find_page(address: str) -> str:
    """Return the name of the page an address of the workspace leads to."""
    return _resolve(urldefrag(address)[0])[0]


def _resolve(address: str) -> tuple[str, dict[str, str]]:
    path, _, query = address.removeprefix(_START).partition("?")
    if not path:
        return "now", {}
    for page in PAGES:
        if match := re.fullmatch(_pattern(page.path), path):
            found = {name: unquote(text) for name, text in match.groupdict().items()}
            return page.name, {**found, **dict(parse_qsl(query))}
    raise AssertionError(f"no page at {address}")


def _pattern(path: str) -> str:
    return _FIELD.sub(
        lambda match: f"(?P<{match[1]}>{'.+' if match[2] else '[^/]+'})", path
    )


def _checked(html: str) -> frozenset[str]:
    outline = PageOutline()
    outline.feed(html)
    ids = frozenset(outline.ids)
    assert outline.open == []
    assert len(ids) == len(outline.ids)
    assert set(outline.wanted) <= ids
    assert set(_DESCRIBED.findall(html)) <= ids
    assert "<script" not in html
    assert not re.search(r"<[^>]*\son\w+=", html)
    for href in _HREF.findall(html):
        assert href.startswith(("/", "#", "http://", "https://")), href
    for tag in _ANCHOR.findall(html):
        assert 'href="http' not in tag or 'rel="noreferrer noopener"' in tag
    return ids
