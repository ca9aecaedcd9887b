"""The index stage: makes documents findable and passes them on."""

from __future__ import annotations

from collections.abc import AsyncIterator

from subak.engine.stage import Stage
from subak.knowledge.codec import JsonCodec
from subak.knowledge.document import Document
from subak.knowledge.index import Index


def index(index: Index) -> Stage[Document, Document]:
    """Add every document to the index.

    It runs once per run, because the index also depends on what came before: a page
    that returns to an earlier content must replace the one in between.
    """

    async def run(document: Document) -> AsyncIterator[Document]:
        await index.add(document)
        yield document

    return Stage("index", run, JsonCodec(Document), version=1, once_per_run=True)
