"""extract_page: an HTML or plain text page becomes its visible main text.

Runs in workers. Three readers look at a page; trafilatura's text is taken unless it
lost most of the page, or the headings and rows of a reference page.
"""

from __future__ import annotations

import re

import msgspec
from resiliparse.extract.html2text import extract_plain_text
from selectolax.lexbor import LexborHTMLParser
from yarl import URL

from subak.errors import UnusableContent
from subak.sources.address import find_address
from subak.sources.article_text import Article, article_text
from subak.sources.blocks import Blocks
from subak.sources.decode_text import decode_text
from subak.sources.raw_page import RawPage, ReadPage
from subak.sources.visible import drop_invisible, is_deeper, looks_bottomless
from subak.sources.whole_text import whole_text

MAX_CHARS = 4_000_000
MAX_DEPTH = 250  # readers recurse, two frames a level; real pages stay below 60
_FEWEST_LETTERS = 15
_MAX_LINKS = 500
_MARK = re.compile(r"^(?:#|\|)", re.MULTILINE)
_LETTER = re.compile(r"[^\W_]")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?=$|[-_])")
# On 181 labelled articles (article-extraction-benchmark) these rules change 2 pages
# and F1 from .960 to .963; on reference pages without <main>, trafilatura alone loses
# every heading.
_DENSE_MARKS = 4
_DENSE_CHARS = 150
_SHORT_CHARS = 250
_SHORT_WHOLE_CHARS = 1_000


def extract_page(payload: bytes) -> bytes:
    """Return a ReadPage for a RawPage, both as MessagePack.

    Raises:
        UnusableContent: Binary, too large, or without visible text.
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
    if len(_LETTER.findall(read.text[:_SHORT_CHARS])) < _FEWEST_LETTERS:
        raise _no_text(page, text)
    return msgspec.msgpack.encode(read)


def _read(html: str, page: RawPage) -> ReadPage:
    tree = _parse(html, page.url)
    links = _links(tree, URL(page.url))
    language = _language(tree)
    title = _title(tree)
    drop_invisible(tree)
    visible = tree.html or ""
    article = article_text(visible, page.url)
    text = _choose(article, visible, whole_text(tree))
    return ReadPage(
        text=text,
        title=" ".join((article.title or title).split()),
        language=language,
        published=article.published,
        links=links,
    )


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


def _choose(article: Article, html: str, whole: str) -> str:
    ours, theirs = _size(whole), _size(article.text)
    if ours <= theirs:
        return article.text
    if theirs * 2 < ours:
        plain = extract_plain_text(html, main_content=True, alt_texts=False)
        if theirs * 2 < _size(plain):
            return whole
    marks, kept = len(_MARK.findall(whole)), len(_MARK.findall(article.text))
    is_reference = marks >= _DENSE_MARKS and ours < _DENSE_CHARS * marks
    if is_reference and (
        _lost("#", article.text, whole) or _lost("|", article.text, whole)
    ):
        return whole
    is_short = theirs < _SHORT_CHARS and ours < _SHORT_WHOLE_CHARS
    return whole if is_short and marks and not kept else article.text


def _lost(mark: str, text: str, whole: str) -> bool:
    """Tell whether most lines that begin with a mark are gone."""
    return 2 * f"\n{text}".count(f"\n{mark}") < f"\n{whole}".count(f"\n{mark}")


def _size(text: str) -> int:
    return len("".join(text.split()))


def _read_plain(text: str) -> ReadPage:
    blocks = Blocks()
    for paragraph in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        blocks.paragraph(paragraph)
    folded = blocks.text()
    first = folded.partition("\n")[0].strip("#= ")
    return ReadPage(text=folded, title=first if len(first) <= 120 else "")


def _title(tree: LexborHTMLParser) -> str:
    for selector in ("h1", "title"):
        node = tree.css_first(selector)
        if node is not None and (text := node.text(strip=True)):
            return text
    return ""


def _language(tree: LexborHTMLParser) -> str:
    root = tree.css_first("html")
    given = (root.attributes.get("lang") or "") if root is not None else ""
    match = _LANGUAGE.match(given.strip())
    return match[0].lower() if match else ""


def _links(tree: LexborHTMLParser, url: URL) -> tuple[str, ...]:
    base_node = tree.css_first("base[href]")
    href = (base_node.attributes.get("href") or "") if base_node is not None else ""
    base = URL(find_address(href, url) or url)
    found: dict[str, None] = {}
    for node in tree.css("a[href]"):
        link = find_address(node.attributes.get("href") or "", base)
        if link is not None and link != str(url):
            found[link] = None
        if len(found) == _MAX_LINKS:
            break
    return tuple(found)


def _no_text(page: RawPage, html: str) -> UnusableContent:
    hint = "open it in a browser; leave it out if it is empty there too"
    if "<script" in html.lower():
        hint = (
            "it is filled in by JavaScript, which subak doesn't run: name a plain "
            "page, a feed or a sitemap of the site instead"
        )
    return UnusableContent("the page has no visible text", where=page.url, hint=hint)
