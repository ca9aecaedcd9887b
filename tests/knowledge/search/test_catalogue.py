"""The catalogue: originals are indexed, copies only vouch for them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from subak.engine.blobs import Blobs
from subak.engine.store import Store
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.search.catalogue import Catalogue, Place
from subak.knowledge.search.index import Index
from subak.testing.clock import VirtualClock
from tests.knowledge.documents.test_copies import paragraph

RELEASE = tuple(paragraph(random.Random(seed)) for seed in range(6))
FIRST, SECOND, THIRD = (f"https://{n}.example/release" for n in ("a", "b", "c"))


@dataclass
class Opened:
    """A catalogue with what stands beside it."""

    archive: Archive
    catalogue: Catalogue
    index: Index
    store: Store

    async def enter(self, *documents: Document) -> list[Place]:
        """Enter documents one after the other."""
        return [await self.catalogue.enter(each) for each in documents]

    def found(self, query: str) -> list[str]:
        """Return the addresses that a search finds."""
        return sorted({hit.url for hit in self.index.search(query)})


def within(folder: Path, scenario: Callable[[Opened], Awaitable[None]]) -> None:
    """Open, run, close."""

    async def run() -> None:
        store = Store.open(folder / "journal.db")
        archive = Archive(store, Blobs(folder / "blobs"), VirtualClock())
        await archive.open()
        index = Index(store)
        try:
            await scenario(Opened(archive, Catalogue(store, index), index, store))
        finally:
            await store.close()

    asyncio.run(run())


def carried(url: str, ending: str = "", category: str = "visa") -> Document:
    """Return the release as a site carries it, with an ending of its own."""
    own = f"This statement was carried by {url} on its front page. {ending}"
    text = "\n\n".join((*RELEASE, own))
    return Document(document_id(url, text), url, "Release", text, category=category)


def test_catalogue_release_on_three_sites_is_read_once(tmp_path: Path) -> None:
    """The first is the original, the others are its sources; search finds one."""

    async def scenario(opened: Opened) -> None:
        documents = [carried(url) for url in (FIRST, SECOND, THIRD)]
        copy = Place("copy", FIRST)
        assert await opened.enter(*documents) == [Place("new"), copy, copy]
        assert await opened.enter(*documents) == [Place("same"), copy, copy]
        assert opened.found("permit") == [FIRST]
        sources = opened.archive.sources_of(documents[0].id)
        assert sources == (FIRST, SECOND, THIRD)

    within(tmp_path, scenario)


def test_catalogue_known_document_costs_no_write(tmp_path: Path) -> None:
    """A second run over the same documents changes nothing in the file."""

    async def scenario(opened: Opened) -> None:
        documents = [carried(FIRST), carried(SECOND)]
        await opened.enter(*documents)
        before = opened.store.read().pragma("data_version")
        await opened.enter(*documents)
        assert opened.store.read().pragma("data_version") == before

    within(tmp_path, scenario)


def test_catalogue_entered_at_once_one_is_the_original(tmp_path: Path) -> None:
    """Of twins that arrive together exactly one is read."""

    async def scenario(opened: Opened) -> None:
        twins = [carried(f"https://site{n}.example/") for n in range(8)]
        places = await asyncio.gather(*map(opened.catalogue.enter, twins))
        assert [each.standing for each in places].count("new") == 1
        assert {each.of for each in places} == {"", twins[0].url}

    within(tmp_path, scenario)


def test_catalogue_other_category_or_entity_is_no_copy(tmp_path: Path) -> None:
    """A document left out in another category's favour would be missed there."""

    async def scenario(opened: Opened) -> None:
        tax = carried(SECOND, category="tax")
        about = replace(carried(THIRD), entity="Germany")
        places = await opened.enter(carried(FIRST), tax, about)
        assert {each.standing for each in places} == {"new"}

    within(tmp_path, scenario)


def test_catalogue_removed_original_leaves_its_place_to_a_copy(tmp_path: Path) -> None:
    """When the original is gone, the next copy is read; nothing is lost."""

    async def scenario(opened: Opened) -> None:
        documents = [carried(url) for url in (FIRST, SECOND, THIRD)]
        await opened.enter(*documents)
        await opened.catalogue.remove(documents[0].id)
        assert opened.found("permit") == []
        places = await opened.enter(*documents[1:])
        assert places == [Place("new"), Place("copy", SECOND)]
        assert opened.found("permit") == [SECOND]
        assert opened.archive.sources_of(documents[1].id) == (SECOND, THIRD)

    within(tmp_path, scenario)


def test_catalogue_original_that_is_edited_stays_the_original(tmp_path: Path) -> None:
    """A changed original is told as changed; its copies are judged once more."""

    async def scenario(opened: Opened) -> None:
        await opened.enter(carried(FIRST), carried(SECOND))
        edited = carried(FIRST, "With a correction.")
        assert await opened.enter(edited) == [Place("changed")]
        assert await opened.enter(carried(SECOND)) == [Place("copy", FIRST)]
        assert opened.archive.sources_of(edited.id) == (FIRST, SECOND)
        text = "\n\n".join(paragraph(random.Random(n)) for n in range(50, 56))
        other = replace(edited, id=document_id(FIRST, text), text=text)
        assert await opened.enter(other) == [Place("changed")]
        assert await opened.enter(carried(SECOND)) == [Place("new")]

    within(tmp_path, scenario)


def test_catalogue_original_is_never_demoted(tmp_path: Path) -> None:
    """An original whose new text stands elsewhere too keeps its own place."""

    async def scenario(opened: Opened) -> None:
        own = replace(carried(SECOND), id="own", text="Apples grow here in summer.")
        await opened.enter(carried(FIRST), own)
        assert await opened.enter(carried(SECOND)) == [Place("changed")]
        assert opened.found("permit") == [FIRST, SECOND]
        assert opened.found("apples") == []

    within(tmp_path, scenario)


def test_catalogue_takes_an_index_without_catalogue_over(tmp_path: Path) -> None:
    """Documents an earlier subak indexed are neither new nor changed."""

    async def scenario(opened: Opened) -> None:
        await opened.index.add(carried(FIRST))
        assert await opened.enter(carried(FIRST)) == [Place("same")]
        assert await opened.enter(carried(SECOND)) == [Place("copy", FIRST)]

    within(tmp_path, scenario)


def test_catalogue_new_labels_reach_the_index(tmp_path: Path) -> None:
    """A recipe that renames a category makes no document new."""

    async def scenario(opened: Opened) -> None:
        await opened.enter(carried(FIRST))
        moved = carried(FIRST, category="tax")
        assert await opened.enter(moved) == [Place("same")]
        assert opened.index.search("permit", category="tax")

    within(tmp_path, scenario)


def test_catalogue_unknown_document_has_no_sources(tmp_path: Path) -> None:
    """An id from nowhere has none; one no longer current has its own address."""

    async def scenario(opened: Opened) -> None:
        assert opened.archive.sources_of("unknown") == ()
        kept = await opened.archive.keep(carried(FIRST), body="b1")
        assert opened.archive.sources_of(kept.id) == (FIRST,)

    within(tmp_path, scenario)
