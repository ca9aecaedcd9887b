"""PageFacts: what a page says of itself: title, author, date, language, address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from selectolax.lexbor import LexborHTMLParser, LexborNode
from yarl import URL

from subak.sources.address import find_address, is_same_site
from subak.sources.linked_data import LinkedData, linked_data
from subak.sources.moment import read_moment, to_date

_DATES = (
    "meta[property='article:published_time']",
    "meta[itemprop=datePublished], time[itemprop=datePublished]",
    "meta[name='parsely-pub-date'], meta[name='sailthru.date'], meta[name=pubdate]",
    "meta[name='citation_publication_date'], meta[name='dc.date.issued' i]",
    "meta[name='dc.date' i], meta[name='dcterms.created' i], meta[name=date]",
    "time[pubdate], article time[datetime]",
)
_AUTHORS = (
    "meta[name=author], meta[name='dc.creator' i], meta[name='parsely-author']",
    "meta[property='article:author']",
    "[itemprop=author] [itemprop=name], [itemprop=author], [rel=author]",
    ".byline .author, .author-name, .author .fn, .byline-name",
)
_TITLES = "meta[property='og:title'], meta[name='twitter:title']"
_SEPARATOR = re.compile(r"\s+[-\u2013\u2014|\u00b7\u00bb:]+\s+")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?=$|[-_])")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_NO_WORD = re.compile(r"[\W_]+")
_MAX_CHARS = 300
_MAX_NAME = 100
_MAX_AUTHORS = 5
_FIRST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page says of itself; "" where it says nothing.

    Args:
        url: Its address as the site wants it seen, on the same site.
        published: ISO date.
        language: Primary tag.
        licence: Address of its licence.
        body: The article's text that the page carries as data.
    """

    title: str = ""
    author: str = ""
    published: str = ""
    language: str = ""
    url: str = ""
    licence: str = ""
    body: str = ""


def page_facts(tree: LexborHTMLParser, url: URL) -> PageFacts:
    """Read the head of a page and its linked data; nothing of it is executed."""
    data = linked_data(tree)
    return PageFacts(
        title=_title(tree, data),
        author=_author(tree, data),
        published=_published(tree, data),
        language=_language(tree, data),
        url=_address(tree, url),
        licence=_licence(tree, url),
        body=data.body,
    )


def _title(tree: LexborHTMLParser, data: LinkedData) -> str:
    named = [_fold(text) for text in (data.title, *_values(tree, _TITLES)) if text]
    node = tree.css_first("title")
    whole = _fold(node.text()) if node is not None else ""
    site = _SEPARATOR.split(whole)[-1]
    headings = [_fold(node.text(separator=" ")) for node in tree.css("h1")[:3]]
    for heading in headings:
        if any(_is_most(heading, title) for title in (*named, whole)):
            return heading
    if named:
        return named[0]
    if len(headings) == 1 and headings[0] and headings[0] != site:
        return headings[0]
    return whole or next(iter(headings), "")


def _is_most(part: str, whole: str) -> bool:
    """Tell whether a heading is a title, but for the site's name."""
    first, second = (_NO_WORD.sub("", text).lower() for text in (part, whole))
    return bool(first) and first in second and 2 * len(first) >= len(second)


def _author(tree: LexborHTMLParser, data: LinkedData) -> str:
    names = list(data.authors)
    for selector in _AUTHORS:
        names = [_name(name) for name in names or _values(tree, selector)]
        names = [name for name in names if name]
        if names:
            break
    return ", ".join(dict.fromkeys(names[:_MAX_AUTHORS]))


def _name(text: str) -> str:
    text = _fold(text)
    return "" if "://" in text or "@" in text or len(text) > _MAX_NAME else text


def _published(tree: LexborHTMLParser, data: LinkedData) -> str:
    for text in (*_values(tree, _DATES[0]), data.published):
        if day := _day(text):
            return day
    for selector in _DATES[1:]:
        for text in _values(tree, selector):
            if day := _day(text):
                return day
    return ""


def _day(text: str) -> str:
    """Return a date as its place reckoned it, without its hour."""
    text = text.strip()
    found = _ISO.match(text)
    day = found[0] if found else to_date(read_moment(text))
    try:
        return day if day and date.fromisoformat(day).year >= _FIRST_YEAR else ""
    except ValueError:
        return ""


def _language(tree: LexborHTMLParser, data: LinkedData) -> str:
    root = tree.css_first("html")
    given = (root.attributes.get("lang") or "") if root is not None else ""
    more = _values(
        tree, "meta[property='og:locale'], meta[http-equiv='content-language' i]"
    )
    for text in (given, *more, data.language):
        if match := _LANGUAGE.match(text.strip()):
            return match[0].lower()
    return ""


def _address(tree: LexborHTMLParser, url: URL) -> str:
    """Return the canonical address; one of another site or its front is no news."""
    node = tree.css_first("link[rel~=canonical i][href]")
    href = (node.attributes.get("href") or "") if node is not None else ""
    found = find_address(href, url) if href.strip() else None
    if found is None or not is_same_site(URL(found), url):
        return ""
    named = URL(found)
    is_front = named.path == "/" and not named.query and url.path != "/"
    falls_back = url.scheme == "https" and named.scheme != "https"
    same_port = named.explicit_port == url.explicit_port
    return "" if is_front or falls_back or not same_port else found


def _licence(tree: LexborHTMLParser, url: URL) -> str:
    node = tree.css_first("link[rel~=license][href], a[rel~=license][href]")
    if node is None:
        return ""
    return find_address(node.attributes.get("href") or "", url) or ""


def _values(tree: LexborHTMLParser, selector: str) -> Iterator[str]:
    for node in tree.css(selector)[:_MAX_AUTHORS]:
        if value := _value(node).strip():
            yield value


def _value(node: LexborNode) -> str:
    names = node.attributes
    if node.tag == "meta":
        return names.get("content") or ""
    return names.get("datetime") or names.get("content") or node.text(separator=" ")


def _fold(text: str) -> str:
    return " ".join(text.split())[:_MAX_CHARS]
