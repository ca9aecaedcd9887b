"""The archive keeps documents for ever and snapshots up to date."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from subak.engine.blobs import Blobs
from subak.engine.store import Store
from subak.errors import StorageError
from subak.knowledge.archive import Archive
from subak.knowledge.document import Document, document_id
from subak.knowledge.snapshot import Snapshot
from subak.testing.clock import VirtualClock

T = TypeVar("T")
URL = "https://site.example/de"
TEXT = "# Germany\n\nVAT is 19 %. Größe, 日本 and 🎈."
DOCUMENT = Document(
    id=document_id(URL, TEXT),
    url=URL,
    title="Germany",
    text=TEXT,
    language="en",
    category="tax",
)


class Opened:
    """An archive on a disk with a clock that is turned by hand."""

    def __init__(self, folder: Path, clock: VirtualClock) -> None:
        self.clock = clock
        self.blobs = Blobs(folder / "blobs")
        self.store = Store.open(folder / "journal.db")
        self.archive = Archive(self.store, self.blobs, clock)


def within(
    folder: Path,
    scenario: Callable[[Opened], Awaitable[T]],
    clock: VirtualClock | None = None,
) -> T:
    """Open, run, close."""

    async def run() -> T:
        opened = Opened(folder, clock or VirtualClock(1_000.0))
        await opened.archive.open()
        try:
            return await scenario(opened)
        finally:
            await opened.store.close()

    return asyncio.run(run())


def test_archive_unchanged_page_gives_an_equal_document_for_ever(
    tmp_path: Path,
) -> None:
    """The time of a document is that of its first storage, also in later runs."""

    async def scenario(opened: Opened) -> Document:
        return await opened.archive.keep(DOCUMENT, body="b1")

    first = within(tmp_path, scenario, VirtualClock(1_000.0))
    later = within(tmp_path, scenario, VirtualClock(9_000.0))
    assert first == later == replace(DOCUMENT, fetched_at=1_000.0)


def test_archive_finds_what_it_keeps(tmp_path: Path) -> None:
    """A kept document is found whole, an unknown one is None."""

    async def scenario(opened: Opened) -> None:
        kept = await opened.archive.keep(DOCUMENT, body="b1")
        assert opened.archive.find(DOCUMENT.id) == kept
        assert opened.archive.find("unknown") is None

    within(tmp_path, scenario)


def test_archive_source_date_epoch_is_the_time_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reproducible runs have reproducible documents."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "42")

    async def scenario(opened: Opened) -> Document:
        return await opened.archive.keep(DOCUMENT, body="b1")

    assert within(tmp_path, scenario).fetched_at == 42.0


def test_archive_recipe_changes_reach_a_kept_document(tmp_path: Path) -> None:
    """The same text under another category keeps its time and gets the category."""

    async def scenario(opened: Opened) -> None:
        await opened.archive.keep(DOCUMENT, body="b1")
        opened.clock.advance(50)
        moved = replace(DOCUMENT, category="vat", licence="CC BY")
        kept = await opened.archive.keep(moved, body="b1")
        assert kept == replace(moved, fetched_at=1_000.0)
        assert opened.archive.find(DOCUMENT.id) == kept

    within(tmp_path, scenario)


def test_archive_damaged_document_is_told_and_mended_by_keeping(
    tmp_path: Path,
) -> None:
    """A row changed behind our back is an error, not another text."""

    async def scenario(opened: Opened) -> None:
        await opened.archive.keep(DOCUMENT, body="b1")
        await opened.store.write(
            lambda connection: connection.execute(
                "UPDATE document SET first_seen = 7"
            ).fetchall()
        )
        with pytest.raises(StorageError, match="damaged") as caught:
            opened.archive.find(DOCUMENT.id)
        assert "--refresh extract" in caught.value.hint
        kept = await opened.archive.keep(DOCUMENT, body="b1")
        assert opened.archive.find(DOCUMENT.id) == kept

    within(tmp_path, scenario)


def test_archive_snapshot_is_updated_and_keeps_its_first_time(tmp_path: Path) -> None:
    """Each fetch overwrites what the URL said; the first time stays."""

    async def scenario(opened: Opened) -> None:
        archive = opened.archive
        first = Snapshot(URL, URL, "b1", "text/html", "utf-8", etag='"1"')
        await archive.note_fetch(first)
        await archive.keep(DOCUMENT, body="b1", links=("https://site.example/a",))
        opened.clock.advance(60)
        await archive.note_fetch(replace(first, etag='"2"'))
        assert archive.find_snapshot(URL) == replace(
            first,
            etag='"2"',
            document=DOCUMENT.id,
            links=("https://site.example/a",),
            first_fetched=1_000.0,
            last_fetched=1_060.0,
        )
        await archive.note_fetch(replace(first, body="b2"))
        changed = archive.find_snapshot(URL)
        assert changed is not None
        assert (changed.body, changed.document, changed.links) == ("b2", "", ())
        assert archive.find_snapshot("https://site.example/unknown") is None

    within(tmp_path, scenario)


@pytest.mark.parametrize(
    ("etag", "last_modified", "has"),
    [
        ('"1"', "", True),
        ("", "Sun, 01 Mar 2026 10:00:00 GMT", True),
        ("", "", False),
    ],
)
def test_archive_validators_need_a_validator(
    tmp_path: Path, etag: str, last_modified: str, has: bool
) -> None:
    """A URL without ETag and date is fetched plainly."""

    async def scenario(opened: Opened) -> bool:
        body = opened.blobs.put(b"body")
        snapshot = Snapshot(URL, URL, body, etag=etag, last_modified=last_modified)
        await opened.archive.note_fetch(snapshot)
        return opened.archive.validators(URL) is not None

    assert within(tmp_path, scenario) is has


@pytest.mark.parametrize("damage", ["missing", "damaged"])
def test_archive_validators_need_the_body(tmp_path: Path, damage: str) -> None:
    """Without the bytes a 304 would be worthless, so there are no validators."""

    async def scenario(opened: Opened) -> None:
        body = opened.blobs.put(b"body")
        await opened.archive.note_fetch(Snapshot(URL, URL, body, etag='"1"'))
        assert opened.archive.validators(URL) is not None
        (path,) = (tmp_path / "blobs").rglob("*.zst")
        if damage == "missing":
            path.unlink()
        else:
            path.write_bytes(b"x" + path.read_bytes()[1:])
        assert opened.archive.validators(URL) is None

    within(tmp_path, scenario)


def test_archive_open_twice_changes_nothing(tmp_path: Path) -> None:
    """Opening an archive that exists keeps what is in it."""

    async def scenario(opened: Opened) -> Document | None:
        await opened.archive.keep(DOCUMENT, body="b1")
        await opened.archive.open()
        return opened.archive.find(DOCUMENT.id)

    assert within(tmp_path, scenario) is not None
