"""SitemapSource: the pages a site lists itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import msgspec
from yarl import URL

from subak.errors import SubakError, Terminal, UnusableContent
from subak.sources.address import find_address
from subak.sources.hints import is_clock
from subak.sources.listed import Listed, Listing, known_pages, to_targets
from subak.sources.listing_files import SITEMAP_TYPES, ListingFile, ListingFiles
from subak.sources.page import named_addresses
from subak.sources.reach import Reach
from subak.sources.request import Request
from subak.sources.sitemap_file import Entry, SitemapFile, SitemapQuery
from subak.sources.source import Target
from subak.sources.spec import SourceSpec

# An index of indexes exists, deeper ones only by mistake or malice.
MAX_DEPTH = 2
# With the newest first, five files hold what changed lately even on large sites.
MAX_CHILDREN = 5
# What a polite fetch gets in a day at 10 s a page; a recipe's limit is far lower.
MAX_PAGES = 5_000


class SitemapSource:
    """Lists the pages of a sitemap, newest first where it tells their dates.

    An address without a path is a site: its robots.txt says where its sitemaps are.
    """

    def __init__(self, spec: SourceSpec, reach: Reach) -> None:
        self._spec = spec
        self._reach = reach
        self._files = ListingFiles(spec, reach)

    async def targets(self) -> AsyncIterator[Target]:
        """Yield the pages the spec selects, each once.

        Raises:
            RecipeError: The spec names no sitemap.
            Retryable: The sitemap could not be read now.
            Terminal: It can never be read, or selects nothing.
        """
        seen: set[str] = set()
        for address, entity in named_addresses(self._spec):
            for target in await self._targets(address, entity):
                if target.url not in seen:
                    seen.add(target.url)
                    yield target

    async def _targets(self, address: str, entity: str) -> list[Target]:
        sitemaps = await self._sitemaps(address)
        entries = await self._read_all(sitemaps, address, depth=0)
        entries.sort(key=lambda entry: -entry.modified)  # stable: file order stays
        if not any(self._spec.selects(entry.location) for entry in entries):
            raise self._nothing(len(entries))
        is_dated = not is_clock(entries)
        pages = tuple(
            Listed(entry.location, entry.modified if is_dated else 0.0)
            for entry in entries
        )
        older = tuple(map(Listed, known_pages(self._spec, self._reach, address)))
        limit = min(MAX_PAGES, self._spec.limit or MAX_PAGES)
        listing = Listing(address, entity, pages, older)
        return await to_targets(listing, self._spec, self._reach, limit)

    async def _sitemaps(self, address: str) -> list[str]:
        """Return the sitemap's own address, or those a site's robots.txt names."""
        url = URL(address)
        if url.path not in ("", "/") or url.query_string:
            return [address]
        request = Request(address, allow_hosts=self._spec.allow_hosts)
        robots = await self._reach.polite.rules(request)
        named = [find_address(listed, url) for listed in robots.sitemaps]
        found = list(dict.fromkeys(filter(None, named)))[:MAX_CHILDREN]
        return found or [str(url.with_path("/sitemap.xml"))]

    async def _read(self, address: str, site: str, depth: int) -> list[Entry]:
        query = msgspec.msgpack.encode(SitemapQuery(site, MAX_PAGES))
        file = ListingFile(address, SITEMAP_TYPES, "sitemap", query)
        _, read = await self._files.read(file)
        found = msgspec.msgpack.decode(read, type=SitemapFile)
        if not found.is_index:
            return list(found.entries)
        if depth >= MAX_DEPTH:
            return []
        children = [entry.location for entry in found.entries[:MAX_CHILDREN]]
        return await self._read_all(children, site, depth + 1)

    async def _read_all(
        self, addresses: Sequence[str], site: str, depth: int
    ) -> list[Entry]:
        entries: dict[str, Entry] = {}
        failure: SubakError | None = None
        for address in addresses:
            try:
                for entry in await self._read(address, site, depth):
                    entries.setdefault(entry.location, entry)
            except Terminal as error:  # one bad file of several; retryable ones go up
                failure = error
        if failure is not None and not entries:
            raise failure
        return list(entries.values())

    def _nothing(self, number: int) -> UnusableContent:
        return UnusableContent(
            f"the sitemap lists {number} pages of its own host, "
            "and the recipe takes none of them",
            where=self._spec.key_path or self._spec.name,
            hint="correct include and exclude, or name another sitemap",
        )
