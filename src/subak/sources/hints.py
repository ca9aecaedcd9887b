"""Hints: what a site's own sitemap and feed say of the pages it lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from yarl import URL

from subak.errors import Retryable, Terminal
from subak.sources.address import find_address, is_same_site
from subak.sources.feed_file import FeedEntry, FeedFile, FeedQuery
from subak.sources.listed import Listed
from subak.sources.listing_files import (
    FEED_TYPES,
    SITEMAP_TYPES,
    ListingFile,
    ListingFiles,
)
from subak.sources.reach import Reach
from subak.sources.request import Request
from subak.sources.sitemap_file import Entry, SitemapFile, SitemapQuery
from subak.sources.spec import SourceSpec

MOST = 500  # entries of a file that are looked at: the newest
_FEWEST_OF_A_CLOCK = 3
_SAME_S = 120.0  # what a slow site takes to write its sitemap


@dataclass(frozen=True, slots=True)
class Hints:
    """Times by address, in seconds since the epoch."""

    modified: Mapping[str, float] = field(default_factory=dict)
    published: Mapping[str, float] = field(default_factory=dict)

    def of(self, url: str) -> Listed:
        """Return a page with what is known of it."""
        return Listed(url, self.modified.get(url, 0.0), self.published.get(url, 0.0))


async def read_hints(
    files: ListingFiles,
    spec: SourceSpec,
    reach: Reach,
    site: str,
    pages: Sequence[str],
    feeds: Sequence[str],
) -> Hints:
    """Return what the sitemap says, and what the feed says of pages it leaves out.

    At most three requests: a sitemap, the newest file it names, a feed. What cannot
    be read says nothing.
    """
    request = Request(site, allow_hosts=spec.allow_hosts)
    robots = await reach.polite.rules(request)
    sitemap = _own_sitemap(robots.sitemaps, site, has_usual_place=spec.hints)
    modified = await _sitemap_times(files, sitemap, site) if sitemap else {}
    own = [feed for feed in feeds if is_same_site(URL(feed), URL(site))]
    if not own or all(page in modified for page in pages):
        return Hints(modified)
    entries = await _feed_entries(files, own[0])
    return Hints(
        {**{entry.url: entry.updated for entry in entries}, **modified},
        {entry.url: entry.published for entry in entries},
    )


def is_clock(entries: Iterable[Entry]) -> bool:
    """Tell whether every page bears one time: then it is that of the file's making."""
    moments = [entry.modified for entry in entries]
    return (
        len(moments) >= _FEWEST_OF_A_CLOCK
        and min(moments) > 0
        and max(moments) - min(moments) <= _SAME_S
    )


def _own_sitemap(listed: Sequence[str], site: str, *, has_usual_place: bool) -> str:
    base = URL(site)
    found = filter(None, (find_address(address, base) for address in listed))
    own = [address for address in found if is_same_site(URL(address), base)]
    if own:
        return own[0]
    return str(base.origin().with_path("/sitemap.xml")) if has_usual_place else ""


async def _sitemap_times(
    files: ListingFiles, address: str, site: str
) -> dict[str, float]:
    found = await _read_sitemap(files, address, site)
    if found.is_index and found.entries:
        found = await _read_sitemap(files, found.entries[0].location, site)
    if found.is_index or is_clock(found.entries):
        return {}
    return {entry.location: entry.modified for entry in found.entries if entry.modified}


async def _read_sitemap(files: ListingFiles, address: str, site: str) -> SitemapFile:
    query = msgspec.msgpack.encode(SitemapQuery(site, MOST))
    file = ListingFile(address, SITEMAP_TYPES, "sitemap", query)
    try:
        _, read = await files.read(file)
    except (Retryable, Terminal):
        return SitemapFile(())
    return msgspec.msgpack.decode(read, type=SitemapFile)


async def _feed_entries(files: ListingFiles, address: str) -> tuple[FeedEntry, ...]:
    query = msgspec.msgpack.encode(FeedQuery(MOST))
    try:
        _, read = await files.read(ListingFile(address, FEED_TYPES, "feed", query))
    except (Retryable, Terminal):
        return ()
    return msgspec.msgpack.decode(read, type=FeedFile).entries
