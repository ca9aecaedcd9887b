"""A workspace as a run leaves it: documents kept and indexed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from subak.engine.blobs import Blobs
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.document import Document
from subak.knowledge.search.index import Index


def fill(folder: Path, pages: Sequence[Document]) -> None:
    """Keep and index documents as a run does."""

    async def scenario() -> None:
        place = Workspace(folder)
        store = Store.open(place.journal)
        blobs = Blobs(place.blobs)
        try:
            archive = Archive(store, blobs)
            await archive.open()
            for page in pages:
                await archive.keep(page, body="")
                await Index(store).add(page)
        finally:
            await blobs.close()
            await store.close()

    asyncio.run(scenario())
