"""read_links: the articles an index page links to, told from its navigation.

Runs in workers: imports a native library. Addresses are brought into their canonical
form only where they may count, which is where the time goes: a front page has five
links of menus for each of an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError
from yarl import URL

from subak.errors import UnusableContent
from subak.sources.address import find_address, is_same_site
from subak.sources.decode_text import decode_text
from subak.sources.globs import Globs
from subak.sources.index_file import IndexFile, IndexQuery
from subak.sources.link_score import ARTICLE, Place, link_score
from subak.sources.link_trap import is_link_trap
from subak.sources.raw_page import RawPage
from subak.sources.visible import is_deeper, looks_bottomless

MAX_CHARS = 2_000_000
MAX_ANCHORS = 10_000
MAX_LINKS = 1_000
MAX_PAGES = 300
MAX_SECTIONS = 50
_FEWEST_ARTICLES = 3
_HOPELESS = -5
_MAX_DEPTH = 250  # as for reading; selectors climb to the root from every link
_SMALL_CHARS = 150_000  # too few links for that to matter
_PLACES: tuple[Place, ...] = ("heading", "text", "furniture")
_MAX_TEXT = 200
_MAX_FEEDS = 3
_MAX_ALIKE = 50  # addresses that differ in their query only
_FURNITURE = ", ".join(
    f"{place} a[href]"
    for place in (
        "nav",
        "footer",
        "[role=navigation]",
        "[role=contentinfo]",
        "ul[class*=menu]",
        "ul[class*=nav]",
        "[class*=breadcrumb]",
        "[class*=pagination]",
        "#footer",
        ".footer",
        "#menu",
        ".menu",
    )
)
_HEADINGS = ", ".join(f"{place} a[href]" for place in ("h1", "h2", "h3", "h4"))
_BOXES = "article a[href], a[href]:has(h1, h2, h3, h4)"
_FEEDS = "link[rel=alternate][href]"
_FEED_TYPES = ("application/rss+xml", "application/atom+xml")
_NOT_WEB = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HOST = re.compile(r"(?:https?:)?//[^/?#]*", re.IGNORECASE)


@dataclass(slots=True)
class _Link:
    """One address as the page has it, with the longest text and the best place."""

    href: str
    path: str
    text: str
    place: Place

    def improve(self, text: str, place: Place) -> None:
        """Note that the page links to it again."""
        self.text = max(self.text, text, key=len)
        self.place = min(self.place, place, key=_PLACES.index)


def read_links(payload: bytes) -> bytes:
    """Return an IndexFile for a RawPage and an IndexQuery, all as MessagePack.

    Raises:
        UnusableContent: No text, nested without end, or a selector that is none.
    """
    page, query = msgspec.msgpack.decode(payload, type=tuple[RawPage, IndexQuery])
    html = decode_text(page.body, page.charset, where=page.url)[:MAX_CHARS]
    tree = _parse(html, page.url)
    base = _base(tree, URL(page.url))
    links = list(_links(tree, _anchors(tree, query.selector, page.url)))
    own = _OwnPages(query.globs, URL(page.url), base, _own_address(tree, base))
    taken = own.take(_articles(links, query.globs))
    file = IndexFile(
        pages=taken,
        sections=own.take(_sections(links, taken)) if query.with_sections else (),
        feeds=tuple(_feeds(tree, base)),
        links=len(links),
    )
    return msgspec.msgpack.encode(file)


def _parse(html: str, where: str) -> LexborHTMLParser:
    """Return the page, unless looking at it would take time with its depth squared."""
    if not looks_bottomless(html):
        tree = LexborHTMLParser(html)
        if len(html) < _SMALL_CHARS or not is_deeper(tree, _MAX_DEPTH):
            return tree
    raise UnusableContent(
        "its elements are nested without end",
        where=where,
        hint="leave it out; name the pages themselves",
    )


def _base(tree: LexborHTMLParser, url: URL) -> URL:
    """Return what relative links are relative to: the page's own ``base``, if sane."""
    node = tree.css_first("base[href]")
    found = find_address(_attribute(node, "href"), url) if node is not None else None
    return URL(found) if found else url


def _own_address(tree: LexborHTMLParser, base: URL) -> str:
    node = tree.css_first("link[rel=canonical][href]")
    return (find_address(_attribute(node, "href"), base) or "") if node else ""


def _feeds(tree: LexborHTMLParser, base: URL) -> Iterator[str]:
    named = [
        find_address(_attribute(node, "href"), base)
        for node in tree.css(_FEEDS)
        if _attribute(node, "type").lower() in _FEED_TYPES
    ]
    yield from list(dict.fromkeys(filter(None, named)))[:_MAX_FEEDS]


def _links(tree: LexborHTMLParser, anchors: list[LexborNode]) -> Iterator[_Link]:
    """Yield each address once."""
    boxes = _ids(tree.css(_HEADINGS)) | _ids(tree.css(_BOXES))
    furniture = _ids(tree.css(_FURNITURE))
    found: dict[str, _Link] = {}
    for node in anchors:
        href = _attribute(node, "href").strip().partition("#")[0]
        if not href or _NOT_WEB.match(href):
            continue
        place: Place = "text"
        if node.mem_id in boxes:
            place = "heading"
        elif node.mem_id in furniture:
            place = "furniture"
        text = " ".join(node.text()[:_MAX_TEXT].split())
        known = found.get(href)
        if known is not None:
            known.improve(text, place)
        elif len(found) < MAX_LINKS:
            path = _HOST.sub("", href, count=1)
            found[href] = _Link(href, path, text, place)
    yield from found.values()


def _anchors(tree: LexborHTMLParser, selector: str, where: str) -> list[LexborNode]:
    if not selector:
        return tree.css("a[href]")[:MAX_ANCHORS]
    try:
        parts = tree.css(selector)
    except (SelectolaxError, ValueError) as error:
        raise UnusableContent(
            f"{selector!r} is no CSS selector",
            where=where,
            hint="correct `selector` in the recipe, e.g. selector = 'main .news'",
        ) from error
    anchors = (anchor for part in _outermost(parts) for anchor in part.css("a[href]"))
    return list(islice(anchors, MAX_ANCHORS))


def _outermost(parts: list[LexborNode]) -> Iterator[LexborNode]:
    """Yield those that lie in no other one, so that no link is met twice."""
    ids = _ids(parts)
    for part in parts:
        around = part.parent
        while around is not None and around.mem_id not in ids:
            around = around.parent
        if around is None:
            yield part


def _articles(links: list[_Link], globs: Globs) -> list[_Link]:
    """Return what rules or, without any, points select.

    Menus are looked at only when the rest has no articles: some sites mark their
    whole page as one.
    """
    if globs.include:
        return links
    outside = [link for link in links if link.place != "furniture"]
    for candidates in (outside, links):
        articles = [
            link
            for link in candidates
            if link_score(link.path, link.text, _outside(link.place)) >= ARTICLE
        ]
        if len(articles) >= _FEWEST_ARTICLES:
            return articles
    return [
        link for link in outside if link_score(link.path, link.text, link.place) >= 0
    ]


def _outside(place: Place) -> Place:
    return "text" if place == "furniture" else place


def _sections(links: list[_Link], taken: tuple[str, ...]) -> list[_Link]:
    """Return what may list further pages: neither articles nor calendars."""
    articles = set(taken)
    return [
        link
        for link in links
        if link.href not in articles
        and _HOPELESS < link_score(link.path, link.text, link.place) < ARTICLE
    ][:MAX_SECTIONS]


class _OwnPages:
    """Turn links into canonical addresses of the site, each once, not the page."""

    def __init__(self, globs: Globs, page: URL, base: URL, address: str) -> None:
        self._globs = globs
        self._page = page
        self._base = base
        self._seen = {find_address("", page) or "", address}
        self._alike: dict[str, int] = {}

    def take(self, links: Iterable[_Link]) -> tuple[str, ...]:
        """Return the addresses of those that count."""
        return tuple(filter(None, map(self._address, links)))[:MAX_PAGES]

    def _address(self, link: _Link) -> str | None:
        if is_link_trap(link.path):
            return None
        address = self._spelled(find_address(link.href, self._base))
        if address is None or address in self._seen:
            return None
        url = URL(address)
        is_own = is_same_site(url, self._page) and self._globs.take(url)
        if not is_own and not self._globs.take_host(url):
            return None
        if url.path in ("", "/") and not url.query_string:
            return None
        if not self._is_one_of_few(url):
            return None
        self._seen.add(address)
        return address

    def _spelled(self, address: str | None) -> str | None:
        """Return an address with the page's scheme: old links forgot the move."""
        if address is None or self._page.scheme != "https":
            return address
        plain = f"http://{self._page.raw_host}/"
        return f"https{address[4:]}" if address.startswith(plain) else address

    def _is_one_of_few(self, url: URL) -> bool:
        if not url.query_string:
            return True
        self._alike[url.path] = self._alike.get(url.path, 0) + 1
        return self._alike[url.path] <= _MAX_ALIKE


def _ids(nodes: Iterable[LexborNode]) -> set[int]:
    return {node.mem_id for node in nodes}


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""
