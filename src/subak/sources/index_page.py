"""IndexSource: the articles that a site's front or section page links to."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec

from subak.errors import Retryable, Terminal, UnusableContent
from subak.sources.globs import Globs
from subak.sources.hints import read_hints
from subak.sources.index_file import IndexFile, IndexQuery
from subak.sources.listed import Listing, known_pages, to_targets
from subak.sources.listing_files import INDEX_TYPES, ListingFile, ListingFiles
from subak.sources.page import named_addresses
from subak.sources.reach import Reach
from subak.sources.reason import because
from subak.sources.source import Target
from subak.sources.spec import SourceSpec

DEFAULT_LIMIT = 20
MAX_INDEX_PAGES = 12
# Deeper down, addresses that differ in their query only are mostly one page.
MAX_ALIKE = 10


class IndexSource:
    """Lists the newest pages a page links to, told from its navigation.

    Guarantees: it ends after ``MAX_INDEX_PAGES`` pages, whatever they link to.
    """

    def __init__(self, spec: SourceSpec, reach: Reach) -> None:
        self._spec = spec
        self._reach = reach
        self._files = ListingFiles(spec, reach)

    async def targets(self) -> AsyncIterator[Target]:
        """Yield the pages, each once: dated ones first, the newest before the others.

        Raises:
            RecipeError: The spec names no index page.
            Retryable: The index page could not be read now.
            Terminal: It can never be read, or links to nothing that is wanted.
        """
        seen: set[str] = set()
        for address, entity in named_addresses(self._spec):
            if self._spec.with_front and address not in seen:
                seen.add(address)
                yield self._spec.to_target(address, entity)
            listing = await self._list(address, entity)
            limit = self._spec.limit or DEFAULT_LIMIT
            for target in await to_targets(listing, self._spec, self._reach, limit):
                if target.url not in seen:
                    seen.add(target.url)
                    yield target

    async def _list(self, address: str, entity: str) -> Listing:
        site, front = await self._read(address, is_front=True)
        pages = await self._follow(front)
        if not pages:
            raise _nothing(address, front, self._spec.selector)
        older = known_pages(self._spec, self._reach, site)
        older = [url for url in older if url != address]
        hints = await read_hints(
            self._files, self._spec, self._reach, site, pages, front.feeds
        )
        listed = sorted(map(hints.of, pages), key=lambda page: -page.newest)
        return Listing(site, entity, tuple(listed), tuple(map(hints.of, older)))

    async def _follow(self, front: IndexFile) -> list[str]:
        """Return the pages of all levels, those of the first one first."""
        pages = dict.fromkeys(front.pages)
        seen: set[str] = set()
        level = front.sections
        for _ in range(1, self._spec.depth):
            deeper: dict[str, None] = {}
            for section in level:
                if len(seen) >= MAX_INDEX_PAGES - 1:
                    break
                if section in seen or section in pages:
                    continue
                seen.add(section)
                file = await self._try(section)
                pages.update(dict.fromkeys(file.pages))
                deeper.update(dict.fromkeys(file.sections))
            level = tuple(deeper)
        return _few_alike(pages, set(front.pages))

    async def _try(self, address: str) -> IndexFile:
        """Return a section; one that cannot be read costs its own pages only."""
        try:
            return (await self._read(address))[1]
        except (Retryable, Terminal):
            return IndexFile(())

    async def _read(
        self, address: str, *, is_front: bool = False
    ) -> tuple[str, IndexFile]:
        query = IndexQuery(
            Globs(self._spec.include, self._spec.exclude),
            self._spec.selector,
            with_sections=self._spec.depth > 1,
        )
        # Front pages change each day; whoever says they don't is not believed.
        file = ListingFile(
            address,
            INDEX_TYPES,
            "links",
            msgspec.msgpack.encode(query),
            is_trusted=False,
            is_document=is_front and self._spec.with_front,
        )
        site, read = await self._files.read(file)
        return site, msgspec.msgpack.decode(read, type=IndexFile)


def _few_alike(pages: dict[str, None], first: set[str]) -> list[str]:
    found: list[str] = []
    alike: dict[str, int] = {}
    for url in pages:
        path, is_query, _ = url.partition("?")
        alike[path] = alike.get(path, 0) + 1
        if not is_query or url in first or alike[path] <= MAX_ALIKE:
            found.append(url)
    return found


def _nothing(address: str, front: IndexFile, selector: str) -> UnusableContent:
    return because("no-links", _without_links(address, front, selector))


def _without_links(address: str, front: IndexFile, selector: str) -> UnusableContent:
    if not front.links and selector:
        return UnusableContent(
            f"the selector {selector!r} finds no links on the index page",
            where=address,
            hint="correct `selector` at the source, or remove it",
        )
    if not front.links:
        return UnusableContent(
            "the index page has no links; scripts may make them",
            where=address,
            hint="set render = true at the source, or name its feed or sitemap",
        )
    return UnusableContent(
        f"the index page has {front.links} links, and the recipe takes none of them",
        where=address,
        hint="correct include, exclude and selector, or name the section's own page",
    )
