"""Fetch: bytes into the blob store, equal bytes into an equal Page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from subak.engine.blobs import Blobs
from subak.engine.clock import SystemClock
from subak.engine.context import TaskContext, set_current_task
from subak.engine.events import Scalar
from subak.engine.stage import Stage
from subak.engine.store import Store
from subak.errors import SubakError, UnusableContent
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.document import Document, document_id
from subak.sources.client import FetchClient
from subak.sources.polite import Polite
from subak.sources.source import Page, Target
from subak.sources.ways import Ways
from subak.stages.fetch import fetch
from subak.testing.hazards import redirect
from subak.testing.site import FakePage, FakeSite

LOOPBACK = ("127.0.0.0/8",)
DAY = 86_400.0


@dataclass
class Heard:
    """Keeps what was told."""

    events: list[tuple[str, str, Mapping[str, Scalar]]] = field(default_factory=list)

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Keep kind, item and data."""
        assert stage == "fetch"
        self.events.append((kind, item, data))

    @property
    def last(self) -> Mapping[str, Scalar]:
        """Return the data of the last event."""
        return self.events[-1][2]


@dataclass
class Bench:
    """A fetch stage with all it needs."""

    stage: Stage[Target, Page]
    archive: Archive
    blobs: Blobs
    heard: Heard
    store: Store
    forgotten: list[str]

    async def visit(
        self, url: str, *, refresh: bool = False, **wanted: str
    ) -> list[Page]:
        """Run the stage once, as a task of the runner would."""
        set_current_task(TaskContext(stage="fetch", item="germany", refresh=refresh))
        target = Target(url, "Germany", allow_hosts=LOOPBACK)
        target = replace(target, **wanted)  # type: ignore[arg-type]
        try:
            return [page async for page in self.stage.run(target)]
        finally:
            await self.store.flush()

    async def get(self, url: str, *, refresh: bool = False, **wanted: str) -> Page:
        """Visit a page that is there."""
        (page,) = await self.visit(url, refresh=refresh, **wanted)
        return page

    async def read(self, page: Page, text: str) -> str:
        """Keep what a page says, as the extract stage does; return the document."""
        document = Document(document_id(page.url, text), page.url, "", text)
        kept = await self.archive.keep(document, body=page.body)
        await self.store.flush()
        return kept.id


class Calendar(SystemClock):
    """The machine's clock, some days ahead."""

    def __init__(self, days: float) -> None:
        self.now = lambda: time.time() + days * DAY


@asynccontextmanager
async def bench(folder: Path, day: float = 0.0) -> AsyncIterator[Bench]:
    """Open what a fetch stage needs, some days from now."""
    store = Store.open(folder / "journal.db")
    blobs = Blobs(folder / "blobs")
    clock = Calendar(day)
    archive = Archive(store, blobs, clock)
    await archive.open()
    client = FetchClient("subak/test", SystemClock())
    ways = Ways({"web": Polite(client, SystemClock())})
    heard = Heard()
    forgotten: list[str] = []

    async def forget(document: str) -> None:
        forgotten.append(document)

    try:
        stage = fetch(ways, archive, blobs, heard, forget, clock)
        yield Bench(stage, archive, blobs, heard, store, forgotten)
    finally:
        await client.close()
        await blobs.close()
        await store.close()


def test_fetch_is_of_this_run_and_falls_back_on_the_last_one(tmp_path: Path) -> None:
    """A page is fetched once a run; one that fails keeps its last copy."""

    async def scenario() -> None:
        async with bench(tmp_path) as b:
            assert (b.stage.name, b.stage.once_per_run) == ("fetch", True)
            assert b.stage.keep_last

    asyncio.run(scenario())


def test_fetch_stores_the_bytes_and_tells_about_it(tmp_path: Path) -> None:
    """The Page refers to the body; the event says bytes, status and seconds."""

    async def scenario() -> None:
        site = FakeSite({"/de": "<p>Größe</p>"})
        async with bench(tmp_path) as b, site:
            page = await b.get(site.url("/de"))
            assert b.blobs.get(page.body).decode() == "<p>Größe</p>"
            assert (page.url, page.content_type) == (site.url("/de"), "text/html")
            assert page.charset == "utf-8"
            kind, item, data = b.heard.events[-1]
            assert (kind, item) == ("fetch.done", "germany")
            assert (data["status"], data["bytes"]) == (200, 14)
            assert data["url"] == site.url("/de")
            assert data["not_modified"] is False
            assert isinstance(data["seconds"], float)
            assert 0 < data["seconds"] < 5
            encoded = b.stage.codec.encode(page)
            assert b.stage.codec.decode(encoded) == page

    asyncio.run(scenario())


@pytest.mark.parametrize("validator", ["etag", "date"])
def test_fetch_unchanged_page_is_the_same_page_again(
    tmp_path: Path, validator: str
) -> None:
    """A 304 gives an equal Page; a change is seen, also after a restart."""
    date = "Sun, 01 Mar 2026 10:00:00 GMT"
    fields = {"etag": "auto"} if validator == "etag" else {"etag": ""}
    if validator == "date":
        fields["last_modified"] = date
    site = FakeSite({"/de": FakePage("<p>19 %</p>", **fields)})  # type: ignore[arg-type]

    async def scenario() -> None:
        async with site:
            async with bench(tmp_path) as b:
                first = await b.get(site.url("/de"))
            async with bench(tmp_path) as b:
                second = await b.get(site.url("/de"))
                assert b.heard.last["not_modified"] is True
                assert b.heard.last["bytes"] == 0
                assert first == second
                site.pages["/de"] = "<p>20 %</p>"
                changed = await b.get(site.url("/de"))
                assert changed.body != first.body

    asyncio.run(scenario())


def test_fetch_without_validators_equal_bytes_give_an_equal_page(
    tmp_path: Path,
) -> None:
    """A site without ETags costs the transfer and nothing after it."""

    async def scenario() -> None:
        site = FakeSite({"/de": FakePage("<p>19 %</p>", etag="")})
        async with bench(tmp_path) as b, site:
            assert await b.get(site.url("/de")) == await b.get(site.url("/de"))
            assert b.heard.last["status"] == 200

    asyncio.run(scenario())


def test_fetch_refresh_asks_unconditionally(tmp_path: Path) -> None:
    """`--refresh fetch` does not believe the server's ETag."""

    async def scenario() -> None:
        site = FakeSite({"/de": "<p>19 %</p>"})
        async with bench(tmp_path) as b, site:
            await b.get(site.url("/de"))
            await b.get(site.url("/de"), refresh=True)
            assert b.heard.last["status"] == 200
            assert "If-None-Match" not in site.requests[-1].headers

    asyncio.run(scenario())


def test_fetch_lost_body_is_fetched_anew(tmp_path: Path) -> None:
    """A body that vanished from the disk is asked for without validators."""

    async def scenario() -> None:
        site = FakeSite({"/de": "<p>19 %</p>"})
        async with bench(tmp_path) as b, site:
            page = await b.get(site.url("/de"))
            b.blobs.discard(page.body)
            await b.blobs.put(b"something else")
            assert await b.get(site.url("/de")) == page
            assert b.heard.last["reason"] == "lost copy"
            assert b.blobs.has(page.body)

    asyncio.run(scenario())


def test_fetch_redirected_page_is_known_by_both_addresses(tmp_path: Path) -> None:
    """The Page says where it came from; its validators go to that address."""

    async def scenario() -> None:
        site = FakeSite({"/old": redirect("/new", 301), "/new": "<p>text</p>"})
        async with bench(tmp_path) as b, site:
            first = await b.get(site.url("/old"))
            assert first.url == site.url("/new")
            assert await b.get(site.url("/old")) == first
            assert b.heard.last["not_modified"] is True

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "page",
    [
        FakePage("gone", status=404),
        FakePage("forbidden", status=403),
        FakePage("x", content_type="image/png"),
        FakePage(status=304),
        redirect("http://10.0.0.1:99/"),
    ],
)
def test_fetch_failure_is_told_and_raised(tmp_path: Path, page: FakePage) -> None:
    """Each failure is one of our errors and one event; nothing is stored."""

    async def scenario() -> None:
        site = FakeSite({"/de": page})
        async with bench(tmp_path) as b, site:
            with pytest.raises(SubakError) as caught:
                await b.get(site.url("/de"))
            kind, item, data = b.heard.events[-1]
            assert (kind, item) == ("fetch.failed", "germany")
            assert data["url"] == site.url("/de")
            assert data["error"] == type(caught.value).__name__
            assert data["message"] == caught.value.message
            assert data["reason"]
            known = b.archive.find_snapshot(site.url("/de"))
            assert known is None or not known.body

    asyncio.run(scenario())


def test_fetch_304_that_answers_nothing_is_refused(tmp_path: Path) -> None:
    """A server that says "not modified" to a plain request is broken."""

    async def scenario() -> None:
        site = FakeSite({"/de": FakePage(status=304)})
        async with bench(tmp_path) as b, site:
            with pytest.raises(UnusableContent, match="without a copy"):
                await b.get(site.url("/de"))

    asyncio.run(scenario())
