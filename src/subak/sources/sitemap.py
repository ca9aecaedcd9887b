"""SitemapSource: the pages a site lists itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
from yarl import URL

from subak.errors import Problem, RecipeError, SubakError, Terminal, UnusableContent
from subak.sources.address import find_address, is_same_site
from subak.sources.raw_page import RawPage
from subak.sources.reach import Reach
from subak.sources.request import Request
from subak.sources.sitemap_file import Entry, SitemapFile
from subak.sources.source import Target
from subak.sources.spec import SourceSpec

# An index of indexes exists, deeper ones only by mistake or malice.
MAX_DEPTH = 2
# With the newest first, five files hold what changed lately even on large sites.
MAX_CHILDREN = 5
# What a polite fetch gets in a day at 10 s a page; a recipe's limit is far lower.
MAX_PAGES = 5_000

TYPES = frozenset(
    {
        "application/xml",
        "text/xml",
        "text/plain",
        "application/gzip",
        "application/x-gzip",
        "application/octet-stream",
        "binary/octet-stream",
    }
)


class SitemapSource:
    """Lists the pages of a sitemap, newest first where it tells their dates."""

    def __init__(self, spec: SourceSpec, reach: Reach) -> None:
        self._spec = spec
        self._reach = reach

    async def targets(self) -> AsyncIterator[Target]:
        """Yield the pages the spec selects, each once.

        Raises:
            RecipeError: The spec names no sitemap.
            Retryable: The sitemap could not be read now.
            Terminal: It can never be read, or selects nothing.
        """
        if not self._spec.addresses:
            path = f"{self._spec.key_path or self._spec.name}.url"
            problem = Problem(path, "a sitemap source needs an address", "add url")
            raise RecipeError([problem])
        entries: list[Entry] = []
        for address in self._spec.addresses:
            entries += await self._read(address, depth=0)
        urls = self._select(entries)
        entity = "".join(self._spec.entities[:1])
        for url in urls:
            yield self._spec.to_target(url, entity)

    def _select(self, entries: list[Entry]) -> list[str]:
        entries.sort(key=lambda entry: -entry.modified)  # stable: file order stays
        listed = dict.fromkeys(entry.location for entry in entries)
        urls = [url for url in listed if self._spec.selects(url)]
        if not urls:
            raise UnusableContent(
                f"the sitemap lists {len(listed)} pages of its own host, "
                "and the recipe takes none of them",
                where=self._spec.key_path or self._spec.name,
                hint="correct include and exclude, or name another sitemap",
            )
        return urls[: min(MAX_PAGES, self._spec.limit or MAX_PAGES)]

    async def _read(self, address: str, depth: int) -> list[Entry]:
        reply = await self._reach.polite.fetch(
            Request(address, types=TYPES, allow_hosts=self._spec.allow_hosts)
        )
        raw = RawPage(reply.url, reply.body, reply.content_type)
        read = await self._reach.executor.submit(
            "sitemap", address, msgspec.msgpack.encode(raw)
        )
        file = msgspec.msgpack.decode(read, type=SitemapFile)
        own = _own_entries(file, URL(reply.url))
        if not file.is_index:
            return own
        return await self._read_children(own, depth + 1) if depth < MAX_DEPTH else []

    async def _read_children(self, children: list[Entry], depth: int) -> list[Entry]:
        newest = sorted(children, key=lambda child: -child.modified)[:MAX_CHILDREN]
        entries: list[Entry] = []
        failure: SubakError | None = None
        for child in newest:
            try:
                entries += await self._read(child.location, depth)
            except Terminal as error:  # one bad file of several; retryable ones go up
                failure = error
        if failure is not None and not entries:
            raise failure
        return entries


def _own_entries(file: SitemapFile, base: URL) -> list[Entry]:
    """Return entries of the sitemap's own host: a site speaks only for itself."""
    own = []
    for entry in file.entries:
        url = find_address(entry.location, base)
        if url is not None and is_same_site(URL(url), base):
            own.append(Entry(url, entry.modified))
    return own
