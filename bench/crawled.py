"""Crawled: what a run left in its workspace, read through the archive's own API."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.farm.markers import find_markers, find_pdf_markers
from subak.engine.blobs import Blobs
from subak.engine.store import Store, open_reader
from subak.engine.workspace import Workspace
from subak.errors import StorageError, UnusableContent
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.snapshot import Snapshot
from subak.sources.decode_text import decode_text
from subak.views.runs import list_runs
from subak.views.stored_events import StoredEvent, iter_events


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the archive: the bytes of an address, and the text read from them."""

    snapshot: Snapshot
    body: bytes
    text: str

    def markers(self) -> set[str]:
        """Return the markers in the bytes, decoded as subak does."""
        if self.body.startswith(b"%PDF"):
            return find_pdf_markers(self.body)
        try:
            told = decode_text(
                self.body, self.snapshot.charset, where=self.snapshot.url
            )
        except UnusableContent:
            return set()
        return find_markers(told)


@dataclass(frozen=True, slots=True)
class Crawled:
    """A workspace after a run."""

    folder: Path

    def count_markers(self, wanted: Mapping[str, str]) -> set[str]:
        """Return the wanted markers (marker -> URL) whose page is in the archive."""
        found: set[str] = set()
        for page in self.pages(set(wanted.values())):
            found |= page.markers()
        return found & wanted.keys()

    def pages(self, urls: set[str]) -> Iterator[Page]:
        """Yield the pages of these addresses that are there."""
        yield from asyncio.run(self._read(urls))

    def events(self, *kinds: str) -> list[StoredEvent]:
        """Return the events of the newest run, of these kinds."""
        database = open_reader(Workspace(self.folder).journal)
        try:
            newest = list_runs(database, limit=1)[0]
            return list(iter_events(database, newest.id, kinds=kinds))
        finally:
            database.close()

    def counts(self, *kinds: str) -> Counter[str]:
        """Return how many events of each of these kinds the newest run has."""
        return Counter(stored.event.kind for stored in self.events(*kinds))

    def size_of(self, pattern: str) -> int:
        """Return the bytes of the files of a pattern below the state's folder."""
        state = Workspace(self.folder).state
        return sum(each.stat().st_size for each in state.glob(pattern))

    async def _read(self, urls: set[str]) -> list[Page]:
        workspace = Workspace(self.folder)
        store, blobs = Store.open(workspace.journal), Blobs(workspace.blobs)
        archive = Archive(store, blobs)
        await archive.open()
        try:
            found = (_page(archive, blobs, url) for url in sorted(urls))
            return [page for page in found if page is not None]
        finally:
            await blobs.close()
            await store.close()


def _page(archive: Archive, blobs: Blobs, url: str) -> Page | None:
    snapshot = archive.find_snapshot(url)
    if snapshot is None or not snapshot.body:
        return None
    try:
        body = blobs.get(snapshot.body)
    except StorageError:
        return None
    document = archive.find(snapshot.document) if snapshot.document else None
    return Page(snapshot, body, document.text if document else "")
