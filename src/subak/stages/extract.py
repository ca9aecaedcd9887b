"""The extract stage: a page becomes a Document with its visible main text."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec

from subak.engine.blobs import Blobs
from subak.engine.offload import Executor
from subak.engine.stage import Stage
from subak.knowledge.archive import Archive
from subak.knowledge.codec import JsonCodec
from subak.knowledge.document import Document, document_id
from subak.sources.raw_page import RawPage, ReadPage
from subak.sources.source import Page


def extract(
    archive: Archive, blobs: Blobs, executor: Executor
) -> Stage[Page, Document]:
    """Read pages in worker processes and keep what they say."""

    async def run(page: Page) -> AsyncIterator[Document]:
        raw = RawPage(page.url, blobs.get(page.body), page.content_type, page.charset)
        packed = await executor.submit("extract", page.url, msgspec.msgpack.encode(raw))
        read = msgspec.msgpack.decode(packed, type=ReadPage)
        yield await archive.keep(
            _document(page, read), body=page.body, links=read.links
        )

    return Stage("extract", run, JsonCodec(Document), version=1)


def _document(page: Page, read: ReadPage) -> Document:
    target = page.target
    return Document(
        id=document_id(page.url, read.text),
        url=page.url,
        title=read.title,
        text=read.text,
        language=read.language or target.language,
        published=read.published,
        entity=target.entity,
        category=target.category,
        tier=target.tier,
        licence=target.licence,
    )
