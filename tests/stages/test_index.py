"""The index stage."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from subak.engine.store import Store
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.archive_tables import create_tables
from subak.knowledge.documents.document import Document
from subak.knowledge.search.catalogue import Catalogue
from subak.knowledge.search.index import Index
from subak.stages.index import index
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal

LONG = " ".join(
    f"Apples of kind {n} grow here for whoever wants some." for n in range(6)
)
DOCUMENT = Document("d", "http://127.0.0.1/a", "A", LONG)
COPY = replace(DOCUMENT, id="e", url="http://127.0.0.2/b")


def test_index_stage_adds_and_passes_on_what_is_no_copy(tmp_path: Path) -> None:
    """A document is findable and goes on unchanged; a copy goes nowhere."""

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        await store.write(create_tables)
        journal = MemoryJournal(VirtualClock())
        try:
            found = Index(store)
            codec = JsonCodec(Document)
            stage = index(Catalogue(store, found), journal, codec)
            changed = replace(DOCUMENT, id="d2", text=LONG + " Pears too.")
            passed = [
                [each async for each in stage.run(document)]
                for document in (DOCUMENT, DOCUMENT, COPY, changed)
            ]
            assert passed == [[DOCUMENT], [DOCUMENT], [], [changed]]
            assert {hit.document for hit in found.search("apples")} == {"d2"}
            assert stage.codec is codec
            assert stage.once_per_run
        finally:
            await store.close()
        told = [(event.kind, dict(event.data)) for event in journal.events]
        assert told == [
            ("document.new", {"url": DOCUMENT.url}),
            ("document.copy", {"url": COPY.url, "of": DOCUMENT.url}),
            ("document.changed", {"url": DOCUMENT.url}),
        ]

    asyncio.run(scenario())
