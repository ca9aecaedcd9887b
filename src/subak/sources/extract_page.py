"""extract_page: an HTML or plain text page becomes its visible main text.

Runs in workers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import msgspec
from selectolax.lexbor import LexborHTMLParser
from yarl import URL

from subak.errors import UnusableContent
from subak.sources.address import find_address
from subak.sources.blocks import Blocks
from subak.sources.decode_text import decode_text
from subak.sources.main_text import main_text
from subak.sources.not_found import looks_not_found
from subak.sources.page_date import page_date
from subak.sources.page_facts import PageFacts, page_facts
from subak.sources.page_kind import PageKind
from subak.sources.raw_page import RawPage, ReadPage
from subak.sources.shell_text import shell_text
from subak.sources.visible import drop_invisible, is_deeper, looks_bottomless

MAX_CHARS = 4_000_000
MAX_DEPTH = 250  # readers recurse, two frames a level; real pages stay below 60
_FEWEST_LETTERS = 15
_SHORT_CHARS = 250
_MAX_LINKS = 500
_MAX_HREFS = 5_000
_LETTER = re.compile(r"[^\W_]")
# Such a path is in its canonical form already; most links of a page are.
_PLAIN_PATH = re.compile(r"(?:/[\w~-]+(?:\.[\w~-]+)*)+/?", re.ASCII)
_NO_PAGE = ("#", "mailto:", "javascript:", "tel:", "data:")
_KINDS: Mapping[str, PageKind] = MappingProxyType(
    {"article": "article", "forum": "forum", "listing": "listing", "service": "page"}
)


def extract_page(payload: bytes) -> bytes:
    """Return a ReadPage for a RawPage, both as MessagePack.

    Raises:
        UnusableContent: Binary, too large, without visible text, or only a note that
            there is no such page.
    """
    page = msgspec.msgpack.decode(payload, type=RawPage)
    text = decode_text(page.body, page.charset, where=page.url)
    if len(text) > MAX_CHARS:
        raise UnusableContent(
            f"the page has more than {MAX_CHARS:,} characters",
            where=page.url,
            hint="name the part of it that matters, or leave it out",
        )
    read = _read_plain(text) if page.content_type == "text/plain" else _read(text, page)
    if not _has_text(read.text):
        raise _no_text(page, text)
    if looks_not_found(read.title, read.text):
        raise UnusableContent(
            "the page says that there is no such page",
            where=page.url,
            hint="its site answers so instead of with 404: take the address out",
        )
    return msgspec.msgpack.encode(read)


def _read(html: str, page: RawPage) -> ReadPage:
    tree = _parse(html, page.url)
    url = URL(page.url)
    facts = page_facts(tree, url)
    drop_invisible(tree)
    published = facts.published or page_date(tree.html or "")
    text = main_text(tree, _KINDS.get(page.reading))
    links = _links(tree, url)  # of what is left: menus lead to the whole site
    if not _has_text(text):
        text = shell_text(html, facts.body) or text
    return _read_page(text, facts, published, links)


def _read_page(
    text: str, facts: PageFacts, published: str, links: tuple[str, ...]
) -> ReadPage:
    return ReadPage(
        text=text,
        title=facts.title,
        language=facts.language,
        published=published,
        links=links,
        url=facts.url,
        author=facts.author,
        licence=facts.licence,
    )


def _has_text(text: str) -> bool:
    return len(_LETTER.findall(text[:_SHORT_CHARS])) >= _FEWEST_LETTERS


def _parse(html: str, where: str) -> LexborHTMLParser:
    if not looks_bottomless(html):
        tree = LexborHTMLParser(html)
        if not is_deeper(tree, MAX_DEPTH):
            return tree
    raise UnusableContent(
        f"elements are nested more than {MAX_DEPTH} deep",
        where=where,
        hint="leave it out: no page for readers looks like that",
    )


def _read_plain(text: str) -> ReadPage:
    blocks = Blocks()
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        blocks.paragraph(paragraph)
    folded = blocks.text()
    first = folded.partition("\n")[0].strip("#= ")
    return ReadPage(text=folded, title=first if len(first) <= 120 else "")


def _links(tree: LexborHTMLParser, url: URL) -> tuple[str, ...]:
    base_node = tree.css_first("base[href]")
    given = (base_node.attributes.get("href") or "") if base_node is not None else ""
    base = URL(find_address(given, url) or url)
    anchors = tree.css("a[href]")[:_MAX_HREFS]
    hrefs = dict.fromkeys(node.attributes.get("href") or "" for node in anchors)
    found: dict[str, None] = {}
    own = str(url)
    origin = str(base.origin()) if base.absolute else ""  # a file has none
    for href in hrefs:
        link = _address(href, base, origin)
        if link is not None and link != own:
            found[link] = None
            if len(found) == _MAX_LINKS:
                break
    return tuple(found)


def _address(href: str, base: URL, origin: str) -> str | None:
    """Return the page a link leads to, without the work where that is known."""
    if origin and _PLAIN_PATH.fullmatch(href):
        return origin + href
    href = href.partition("#")[0].strip()
    if not href or href.lower().startswith(_NO_PAGE):
        return None
    if origin and href.startswith("/") and not href.startswith("//"):
        href = origin + href
    if not href.startswith(("http://", "https://")):
        return find_address(href, base)
    return _elsewhere(href, base.port)


@lru_cache(maxsize=4_096)
def _elsewhere(href: str, port: int | None) -> str | None:
    """Find an absolute address; the pages of a site have most of them in common."""
    return find_address(href, URL.build(scheme="http", host="page", port=port))


def _no_text(page: RawPage, html: str) -> UnusableContent:
    hint = "open it in a browser; leave it out if it is empty there too"
    if "<script" in html.lower():
        hint = (
            "it is filled in by JavaScript: name a plain page, a feed or a sitemap of "
            "the site instead, or set render = true for the source"
        )
    return UnusableContent("the page has no visible text", where=page.url, hint=hint)
