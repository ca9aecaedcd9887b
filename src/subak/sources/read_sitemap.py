"""read_sitemap: the addresses in a sitemap or sitemap index (sitemaps.org).

Runs in workers: imports lxml.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec
from lxml import etree  # type: ignore[import-untyped]
from yarl import URL

from subak.errors import UnusableContent
from subak.sources.address import find_address, is_same_site
from subak.sources.moment import read_moment
from subak.sources.parse_xml import local_name, parse_xml
from subak.sources.raw_page import RawPage
from subak.sources.sitemap_file import Entry, SitemapFile, SitemapQuery

MAX_BYTES = 8_000_000  # the client's own limit, here for what a .gz inflates to
MAX_ENTRIES = 50_000  # of one file, as sitemaps.org has it
_GZIP = b"\x1f\x8b"
_WINDOW = zlib.MAX_WBITS | 16  # gzip framing


def read_sitemap(payload: bytes) -> bytes:
    """Return a SitemapFile for a RawPage and a SitemapQuery, all as MessagePack.

    Raises:
        UnusableContent: Too large, entities declared, or not a sitemap.
    """
    page, query = msgspec.msgpack.decode(payload, type=tuple[RawPage, SitemapQuery])
    body = _inflate(page) if page.body.startswith(_GZIP) else page.body
    is_index = False
    if page.content_type == "text/plain" and body.lstrip()[:1] != b"<":
        lines = body.decode("utf-8-sig", "replace").split()
        entries = [Entry(line) for line in lines]
    else:
        root = _root(body, page.url)
        is_index = local_name(root) == "sitemapindex"
        entries = [entry for node in root if (entry := _entry(node)) is not None]
    entries = entries[:MAX_ENTRIES]
    entries.sort(key=lambda entry: -entry.modified)  # stable: file order stays
    homes = _homes(page, query, is_index)
    own = islice(_own_entries(entries, URL(page.url), homes), query.most)
    return msgspec.msgpack.encode(SitemapFile(tuple(own), is_index))


def _homes(page: RawPage, query: SitemapQuery, is_index: bool) -> list[URL]:
    """Return the hosts entries may be of: pages the site's, files the sitemap's too."""
    site = URL(query.site or page.url)
    return [site, URL(page.url)] if is_index else [site]


def _own_entries(
    entries: Iterable[Entry], page: URL, homes: list[URL]
) -> Iterator[Entry]:
    """Yield entries of the site, each once: a site speaks only for itself."""
    seen: set[str] = set()
    for entry in entries:
        url = find_address(entry.location, page)
        if url is None or url in seen:
            continue
        if any(is_same_site(URL(url), home) for home in homes):
            seen.add(url)
            yield Entry(url, entry.modified)


def _root(body: bytes, where: str) -> etree._Element:
    try:
        root = parse_xml(body)
    except ValueError as error:
        raise _no_sitemap(str(error), where) from error
    name = local_name(root)
    if name not in ("urlset", "sitemapindex"):
        raise _no_sitemap(f"its root is <{name[:40]}>, not <urlset>", where)
    return root


def _entry(node: etree._Element) -> Entry | None:
    texts = {local_name(child): (child.text or "").strip() for child in node}
    location = texts.get("loc", "")
    return Entry(location, read_moment(texts.get("lastmod", ""))) if location else None


def _inflate(page: RawPage) -> bytes:
    stream = zlib.decompressobj(_WINDOW)
    try:
        body = stream.decompress(page.body, MAX_BYTES)
    except zlib.error as error:
        raise _no_sitemap("it is a damaged gzip file", page.url) from error
    if stream.unconsumed_tail:
        raise _no_sitemap(f"it inflates to more than {MAX_BYTES:,} bytes", page.url)
    return body


def _no_sitemap(message: str, where: str) -> UnusableContent:
    return UnusableContent(
        f"no usable sitemap: {message}",
        where=where,
        hint="name another sitemap (robots.txt lists them), or kind = page",
    )
