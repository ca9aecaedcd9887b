"""The index stage."""

from __future__ import annotations

import asyncio
from pathlib import Path

from subak.engine.store import Store
from subak.knowledge.document import Document
from subak.knowledge.index import Index
from subak.stages.index import index


def test_index_stage_adds_and_passes_on(tmp_path: Path) -> None:
    """The document is findable afterwards and goes on unchanged."""
    document = Document("d", "http://127.0.0.1/a", "A", "Apples grow here.")

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        try:
            found = Index(store)
            stage = index(found)
            assert [each async for each in stage.run(document)] == [document]
            assert [hit.document for hit in found.search("apples")] == ["d"]
            assert stage.codec.decode(stage.codec.encode(document)) == document
            assert stage.once_per_run
        finally:
            await store.close()

    asyncio.run(scenario())
