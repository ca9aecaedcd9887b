"""The embed stage: what passages mean, for search; nothing waits for it.

A leaf of the graph with a worker of its own: it takes what processor time the pages
and the model leave.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from subak.engine.context import current_task
from subak.engine.stage import Stage
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.document import Document
from subak.knowledge.search.passage import passages
from subak.knowledge.search.semantic import MODEL
from subak.knowledge.search.vectors import Vectors
from subak.knowledge.search.wording_key import wording, wording_key


class Embedding(Protocol):
    """Turns texts into vectors."""

    async def passages(self, texts: list[str], key: str) -> list[bytes]:
        """Return the vectors of passages, in their order."""
        ...


def embed(embedder: Embedding, vectors: Vectors) -> Stage[Document, int]:
    """Make the stage that keeps a vector for every passage of a document.

    Each wording is embedded once ever, whichever documents carry it; how many of a
    document were new is its result.
    """

    async def run(document: Document) -> AsyncIterator[int]:
        texts = {
            wording_key(document.title, cut): wording(
                document.title, cut.heading, cut.text
            )
            for cut in passages(document.text)
        }
        missing = vectors.missing(list(texts))
        found = await embedder.passages(
            [texts[key] for key in missing], current_task().item
        )
        await vectors.add(dict(zip(missing, found, strict=True)))
        yield len(found)

    return Stage("embed", run, JsonCodec(int), key={"model": MODEL})
