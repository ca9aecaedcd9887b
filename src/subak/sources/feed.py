"""FeedSource: the pages a feed announces."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
from yarl import URL

from subak.errors import UnusableContent
from subak.sources.address import is_same_site
from subak.sources.feed_file import FeedEntry, FeedFile, FeedQuery
from subak.sources.globs import Globs
from subak.sources.listed import Listed, Listing, known_pages, to_targets
from subak.sources.listing_files import FEED_TYPES, ListingFile, ListingFiles
from subak.sources.page import named_addresses
from subak.sources.reach import Reach
from subak.sources.source import Target
from subak.sources.spec import SourceSpec

DEFAULT_LIMIT = 50
MAX_ENTRIES = 1_000


class FeedSource:
    """Lists a feed's entries; the text in them is not used, the pages are read."""

    def __init__(self, spec: SourceSpec, reach: Reach) -> None:
        self._spec = spec
        self._reach = reach
        self._files = ListingFiles(spec, reach)

    async def targets(self) -> AsyncIterator[Target]:
        """Yield the pages, each once: dated ones first, the newest before the others.

        Raises:
            RecipeError: The spec names no feed.
            Retryable: The feed could not be read now.
            Terminal: It can never be read, or the rules take nothing of it.
        """
        seen: set[str] = set()
        for address, entity in named_addresses(self._spec):
            listing = await self._list(address, entity)
            limit = self._spec.limit or DEFAULT_LIMIT
            for target in await to_targets(listing, self._spec, self._reach, limit):
                if target.url not in seen:
                    seen.add(target.url)
                    yield target

    async def _list(self, address: str, entity: str) -> Listing:
        query = msgspec.msgpack.encode(FeedQuery(MAX_ENTRIES))
        file = ListingFile(address, FEED_TYPES, "feed", query)
        final_url, read = await self._files.read(file)
        feed = msgspec.msgpack.decode(read, type=FeedFile)
        own = self._own_entries(feed, URL(final_url))
        if feed.entries and not own:
            raise _nothing(address, feed)
        pages = [Listed(each.url, each.updated, each.published) for each in own]
        pages.sort(key=lambda page: -page.newest)  # stable: file order stays
        site = own[0].url if own else feed.site or final_url
        older = tuple(map(Listed, known_pages(self._spec, self._reach, site)))
        return Listing(site, entity, tuple(pages), older)

    def _own_entries(self, feed: FeedFile, address: URL) -> list[FeedEntry]:
        """Return entries of the feed's host, its site's, or a host a rule names."""
        homes = [address, *([URL(feed.site)] if feed.site else [])]
        globs = Globs(self._spec.include, self._spec.exclude)
        return [
            entry
            for entry in feed.entries
            if (
                any(is_same_site(URL(entry.url), home) for home in homes)
                and globs.take(URL(entry.url))
            )
            or globs.take_host(URL(entry.url))
        ]


def _nothing(address: str, feed: FeedFile) -> UnusableContent:
    hosts = sorted({URL(entry.url).host or "" for entry in feed.entries})[:3]
    return UnusableContent(
        f"the feed lists {len(feed.entries)} pages, and the recipe takes none of them",
        where=address,
        hint=f"correct include and exclude; to read {hosts[0]}: "
        f'include = ["//{hosts[0]}/*"]',
    )
