"""read_sitemap: the addresses in a sitemap or sitemap index (sitemaps.org).

Runs in workers: imports lxml.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

import msgspec
from lxml import etree  # type: ignore[import-untyped]

from subak.errors import UnusableContent
from subak.sources.raw_page import RawPage
from subak.sources.sitemap_file import Entry, SitemapFile

MAX_BYTES = 8_000_000  # the client's own limit, here for what a .gz inflates to
_GZIP = b"\x1f\x8b"
_WINDOW = zlib.MAX_WBITS | 16  # gzip framing


def read_sitemap(payload: bytes) -> bytes:
    """Return a SitemapFile for a RawPage, both as MessagePack.

    Raises:
        UnusableContent: Too large, entities declared, or not a sitemap.
    """
    page = msgspec.msgpack.decode(payload, type=RawPage)
    body = _inflate(page) if page.body.startswith(_GZIP) else page.body
    if page.content_type == "text/plain" and body.lstrip()[:1] != b"<":
        lines = body.decode("utf-8-sig", "replace").split()
        return msgspec.msgpack.encode(SitemapFile(tuple(Entry(line) for line in lines)))
    return msgspec.msgpack.encode(_read(body, page.url))


def _read(body: bytes, where: str) -> SitemapFile:
    if b"<!ENTITY" in body:
        raise _no_sitemap("it declares entities, as attacks do", where)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise _no_sitemap("it is not XML", where) from error
    name = _local(root) if root is not None else ""
    if name not in ("urlset", "sitemapindex"):
        raise _no_sitemap(f"its root is <{name[:40]}>, not <urlset>", where)
    entries = tuple(entry for node in root if (entry := _entry(node)) is not None)
    return SitemapFile(entries, is_index=name == "sitemapindex")


def _entry(node: etree._Element) -> Entry | None:
    texts = {_local(child): (child.text or "").strip() for child in node}
    location = texts.get("loc", "")
    return Entry(location, _seconds(texts.get("lastmod", ""))) if location else None


def _local(node: etree._Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _seconds(date: str) -> float:
    try:
        moment = datetime.fromisoformat(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0


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
