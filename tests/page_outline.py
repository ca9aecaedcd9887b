"""PageOutline: reads a page as a browser would, and checks its frame."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_VOID = {"meta", "line", "path", "rect", "use", "br", "circle", "link", "input"}


class PageOutline(HTMLParser):
    """Checks that tags are closed in order; keeps ids, references and links."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.wanted: list[str] = []
        self.links: list[str] = []
        self.images = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag that is to be closed."""
        if tag not in _VOID:
            self.open.append(tag)
        self._note(dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag that closes itself."""
        self._note(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        """Check that it closes the innermost one."""
        assert tag in _VOID or self.open.pop() == tag

    def _note(self, attrs: dict[str, str | None]) -> None:
        if "id" in attrs:
            self.ids.append(attrs["id"] or "")
        self.wanted += (attrs.get("aria-labelledby") or "").split()
        if href := attrs.get("href"):
            self.links.append(href)
        self.images += attrs.get("role") == "img"
        assert "style" not in attrs
        assert "src" not in attrs


def read_outline(html: str) -> PageOutline:
    """Return the outline of a page that is well-formed and refers only to itself."""
    outline = PageOutline()
    outline.feed(html)
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.wanted) <= set(outline.ids)
    assert {link[1:] for link in outline.links} <= set(outline.ids)
    return outline


def check_reaches_nothing(html: str) -> None:
    """Check that a page has no script, no outside asset, and forbids them."""
    assert "default-src 'none'; style-src 'sha256-" in html
    assert "<script" not in html
    assert not re.search(r"url\(|@import|<link|<img", html)
