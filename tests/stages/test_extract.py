"""Extract: a stored page becomes a document, in a worker or inline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from subak.engine.blobs import Blobs
from subak.engine.offload import Executor, InlineExecutor, ProcessExecutor
from subak.engine.stage import Stage
from subak.engine.store import Store
from subak.errors import UnusableContent
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.documents.snapshot import Snapshot
from subak.sources.readers import FUNCTIONS
from subak.sources.source import Page, Target
from subak.stages.extract import extract
from subak.testing.clock import VirtualClock
from tests.engine.test_blobs import damage

URL = "https://site.example/de"
HTML = (
    '<html lang="en-US"><head><title>x</title></head><body><main><h1>Germany</h1>'
    "<h2>Taxes</h2><p>The rate of VAT is 19 %.</p>"
    '<a href="/fr">France</a></main></body></html>'
)
TARGET = Target(
    URL, "Germany", "tax", tier=1, language="de", licence="CC0", source="source[0]"
)


@dataclass
class Bench:
    """An extract stage with all it needs."""

    stage: Stage[Page, Document]
    archive: Archive
    blobs: Blobs
    clock: VirtualClock

    async def read(self, html: str | bytes, target: Target = TARGET) -> Document:
        """Store a body and run the stage on it."""
        data = html.encode() if isinstance(html, str) else html
        page = Page(target, URL, "text/html", "utf-8", await self.blobs.put(data))
        (document,) = [document async for document in self.stage.run(page)]
        return document


@asynccontextmanager
async def bench(folder: Path, executor: Executor | None = None) -> AsyncIterator[Bench]:
    """Open what an extract stage needs."""
    executor = executor or InlineExecutor(FUNCTIONS)
    store = Store.open(folder / "journal.db")
    blobs = Blobs(folder / "blobs")
    clock = VirtualClock(1_000.0)
    archive = Archive(store, blobs, clock)
    await archive.open()
    try:
        yield Bench(extract(archive, blobs, executor), archive, blobs, clock)
    finally:
        await executor.close()
        await blobs.close()
        await store.close()


def test_extract_makes_a_document_with_all_that_is_known(tmp_path: Path) -> None:
    """Text, title and language are the page's; the rest is the source's."""

    async def scenario() -> None:
        async with bench(tmp_path) as b:
            document = await b.read(HTML)
            text = "# Germany\n\n## Taxes\n\nThe rate of VAT is 19 %.\n\nFrance"
            assert document == Document(
                id=document_id(URL, document.text),
                url=URL,
                title="Germany",
                text=document.text,
                language="en",
                published="",
                fetched_at=1_000.0,
                entity="Germany",
                category="tax",
                tier=1,
                licence="CC0",
            )
            assert document.text in (text, text.removesuffix("\n\nFrance"))
            assert b.archive.find(document.id) == document
            assert b.stage.codec.decode(b.stage.codec.encode(document)) == document

    asyncio.run(scenario())


def test_extract_unchanged_text_is_an_equal_document(tmp_path: Path) -> None:
    """Other bytes with the same text, fetched later, change nothing downstream."""

    async def scenario() -> None:
        async with bench(tmp_path) as b:
            first = await b.read(HTML)
            b.clock.advance(86_400)
            assert await b.read(HTML.replace("<body>", "<body data-token=7>")) == first

    asyncio.run(scenario())


def test_extract_source_tells_the_language_when_the_page_does_not(
    tmp_path: Path,
) -> None:
    """A page without lang has the language of its source."""

    async def scenario() -> None:
        async with bench(tmp_path) as b:
            document = await b.read(HTML.replace(' lang="en-US"', ""))
            assert document.language == "de"

    asyncio.run(scenario())


def test_extract_notes_document_and_links_at_the_snapshot(tmp_path: Path) -> None:
    """The archive knows which document a URL's last answer became."""

    async def scenario() -> None:
        async with bench(tmp_path) as b:
            body = await b.blobs.put(HTML.encode())
            b.archive.note(Snapshot(URL, URL, body, etag='"1"'), None)
            document = await b.read(HTML)
            snapshot = b.archive.find_snapshot(URL)
            assert snapshot is not None
            assert snapshot.document == document.id
            assert snapshot.links == ("https://site.example/fr",)

    asyncio.run(scenario())


def test_extract_depends_on_the_readers_versions(tmp_path: Path) -> None:
    """A new trafilatura reads pages anew, and `why` can say so."""

    async def scenario() -> None:
        async with bench(tmp_path) as b:
            assert set(b.stage.key) >= {"resiliparse", "selectolax", "trafilatura"}
            assert all(b.stage.key.values())

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<div id=root></div><script>1</script>", "no visible text"),
        (bytes(range(32)) * 50, "not text"),
    ],
)
def test_extract_page_without_text_is_unusable(
    tmp_path: Path, body: str | bytes, message: str
) -> None:
    """A page that is none fails alone, with its URL."""

    async def scenario() -> None:
        async with bench(tmp_path) as b:
            with pytest.raises(UnusableContent, match=message) as caught:
                await b.read(body)
            assert URL in caught.value.where

    asyncio.run(scenario())


def test_extract_damaged_body_fails_one_item_only(tmp_path: Path) -> None:
    """A body lost from the disk is that item's failure, and says what to do."""

    async def scenario() -> None:
        async with bench(tmp_path) as b:
            body = await b.blobs.put(b"<p>text")
            page = Page(TARGET, URL, "text/html", "utf-8", body)
            damage(tmp_path / "blobs", "x'00'")
            with pytest.raises(UnusableContent, match="damaged") as caught:
                async for _ in b.stage.run(page):
                    pass
            assert "fetches it anew" in caught.value.hint
            await b.blobs.put(b"something else")
            assert not b.blobs.has(body)

    asyncio.run(scenario())


def test_extract_works_in_a_process(tmp_path: Path) -> None:
    """The registered functions are found and run by real workers."""

    async def scenario() -> None:
        async with bench(tmp_path / "inline") as b:
            inline = await b.read(HTML)
        async with bench(tmp_path / "process", ProcessExecutor(FUNCTIONS, 1)) as b:
            assert await b.read(HTML) == inline
            with pytest.raises(UnusableContent, match="no visible text"):
                await b.read("<div></div>")

    asyncio.run(scenario())
