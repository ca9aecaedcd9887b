"""The index stage: makes documents findable and passes on those that are no copies."""

from __future__ import annotations

from collections.abc import AsyncIterator

from subak.engine.context import current_task
from subak.engine.events import EventSink
from subak.engine.stage import Codec, Stage
from subak.knowledge.documents.document import Document
from subak.knowledge.search.catalogue import Catalogue


def index(
    catalogue: Catalogue, events: EventSink, codec: Codec[Document]
) -> Stage[Document, Document]:
    """Enter every document; a copy of another one only adds its address to that.

    It runs once per run, because the index also depends on what came before: a page
    that returns to an earlier content must replace the one in between.

    Args:
        codec: Bytes form of the documents, see ``knowledge.document_codec``.
    """

    async def run(document: Document) -> AsyncIterator[Document]:
        place = await catalogue.enter(document)
        item = current_task().item
        if place.standing == "copy":
            events.emit(
                "document.copy",
                stage="index",
                item=item,
                url=document.url,
                of=place.of,
            )
            return
        if place.standing != "same":
            kind = f"document.{place.standing}"
            events.emit(kind, stage="index", item=item, url=document.url)
        yield document

    return Stage("index", run, codec, version=3, once_per_run=True)
