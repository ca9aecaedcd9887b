"""The extract stage: a page's bytes become a document, in a worker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from importlib.metadata import version

import msgspec

from subak.engine.blobs import Blobs
from subak.engine.offload import Executor
from subak.engine.stage import Stage
from subak.errors import StorageError, UnusableContent
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.documents.document_codec import DocumentCodec
from subak.sources.raw_page import RawPage, ReadPage
from subak.sources.readers import find_reader
from subak.sources.source import Page

_LIBRARIES = ("pypdfium2", "resiliparse", "selectolax", "trafilatura")


def extract(
    archive: Archive, blobs: Blobs, executor: Executor
) -> Stage[Page, Document]:
    """Read each page's visible main text and keep it in the archive."""

    async def run(page: Page) -> AsyncIterator[Document]:
        reader, payload = _to_be_read(page, blobs)
        answer = await executor.submit(reader, page.url, payload)
        read = msgspec.msgpack.decode(answer, type=ReadPage)
        yield await archive.keep(
            _document(page, read),
            body=page.body,
            fetched_from=page.url,
            links=read.links,
        )

    return Stage(
        name="extract",
        run=run,
        codec=DocumentCodec(archive),
        key={name: version(name) for name in _LIBRARIES},
        version=2,  # tables set with blanks are tables
    )


def _to_be_read(page: Page, blobs: Blobs) -> tuple[str, bytes]:
    """Return the reader of a page and what it is given, the only copy that stays."""
    body = _stored_body(page, blobs)
    raw = RawPage(page.url, body, page.content_type, page.charset, page.target.reading)
    reader = find_reader(page.target.reader, page.content_type, body)
    return reader, msgspec.msgpack.encode(raw)


def _stored_body(page: Page, blobs: Blobs) -> bytes:
    try:
        return blobs.get(page.body)
    except StorageError as error:
        if error.__cause__ is not None:  # the disk itself fails: no item's fault
            raise
        blobs.discard(page.body)  # or the next run would ask only for changes
        raise UnusableContent(
            error.message,
            where=page.url,
            hint="run again: the next run fetches it anew",
        ) from error


def _document(page: Page, read: ReadPage) -> Document:
    target = page.target
    url = read.url or page.url
    return Document(
        id=document_id(url, read.text),
        url=url,
        title=read.title,
        text=read.text,
        language=read.language or target.language,
        published=target.published or read.published,
        entity=target.entity,
        category=target.category,
        tier=target.tier,
        licence=read.licence or target.licence,
        author=read.author,
        revision=read.revision,
    )
