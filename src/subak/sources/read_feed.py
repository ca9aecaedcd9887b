"""read_feed: the entries of an RSS 2.0, RSS 1.0 or Atom feed.

Runs in workers: imports lxml. Our own reader and no library: a listing needs three
things of an entry, which are 60 lines over the parser that sitemaps need anyway.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from lxml import etree  # type: ignore[import-untyped]
from yarl import URL

from subak.errors import UnusableContent
from subak.sources.address import find_address
from subak.sources.feed_file import FeedEntry, FeedFile, FeedQuery
from subak.sources.moment import read_moment
from subak.sources.parse_xml import local_name, parse_xml
from subak.sources.raw_page import RawPage

_ROOTS = ("rss", "RDF", "feed")
_ENTRIES = ("item", "entry")
_PUBLISHED = ("published", "pubDate", "issued", "date", "created")
_UPDATED = ("updated", "modified")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def read_feed(payload: bytes) -> bytes:
    """Return a FeedFile for a RawPage and a FeedQuery, all as MessagePack.

    Raises:
        UnusableContent: Not a feed.
    """
    page, query = msgspec.msgpack.decode(payload, type=tuple[RawPage, FeedQuery])
    try:
        root = parse_xml(page.body.lstrip())
    except ValueError as error:
        raise _no_feed(str(error), page.url) from error
    if local_name(root) not in _ROOTS:
        raise _no_feed(f"its root is <{local_name(root)[:40]}>", page.url)
    base = _inner_base(root, URL(page.url))
    entries: dict[str, FeedEntry] = {}
    for node in root.iter():
        if len(entries) >= query.most:
            break
        if local_name(node) in _ENTRIES and (entry := _entry(node, base)) is not None:
            entries.setdefault(entry.url, entry)
    file = FeedFile(tuple(entries.values()), _site(root, base))
    return msgspec.msgpack.encode(file)


def _entry(node: etree._Element, base: URL) -> FeedEntry | None:
    base = _inner_base(node, base)
    url = next(filter(None, (find_address(link, base) for link in _links(node))), None)
    if url is None:
        return None
    moments = {
        name: read_moment(_text(child))
        for child in node
        if (name := local_name(child)) in (*_PUBLISHED, *_UPDATED)
    }
    return FeedEntry(
        url,
        published=next(filter(None, map(moments.get, _PUBLISHED)), 0.0),
        updated=next(filter(None, map(moments.get, _UPDATED)), 0.0),
    )


def _links(node: etree._Element) -> Iterator[str]:
    """Yield an entry's addresses, the best first."""
    children = [(local_name(child), child) for child in node]
    for name, child in children:  # Atom
        is_page = child.get("rel", "alternate") == "alternate"
        if name == "link" and child.get("href") and is_page:
            yield child.get("href")
    for name, child in children:  # RSS
        if name == "link" and _text(child):
            yield _text(child)
    for name, child in children:
        if name == "guid" and child.get("isPermaLink", "true").lower() == "true":
            yield from [_text(child)] if _text(child).startswith("http") else []


def _site(root: etree._Element, base: URL) -> str:
    channels = [node for node in root if local_name(node) == "channel"]
    for node in (*channels, root):
        for link in _links(node):
            return find_address(link, base) or ""
    return ""


def _inner_base(node: etree._Element, base: URL) -> URL:
    said = node.get(_XML_BASE)
    return URL(find_address(said, base) or base) if said else base


def _text(node: etree._Element) -> str:
    return (node.text or "").strip()


def _no_feed(message: str, where: str) -> UnusableContent:
    return UnusableContent(
        f"no usable feed: {message}",
        where=where,
        hint="name the feed's own address, or use kind = index for a page",
    )
