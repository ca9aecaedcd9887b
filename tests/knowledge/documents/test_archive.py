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
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.document import Document, document_id
from subak.knowledge.documents.snapshot import Snapshot
from subak.knowledge.documents.visits import Trust, after_answer, after_failure
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
            await opened.blobs.close()
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


async def visit(
    opened: Opened, url: str = URL, body: str = "b1", **said: str
) -> Snapshot:
    """Note what a URL answered now, as the fetch stage does; return its state."""
    known = opened.archive.find_snapshot(url)
    now = opened.clock.now()
    answer = replace(
        Snapshot(url, url, body, "text/html", "utf-8", last_read=now),
        **said,  # type: ignore[arg-type]
    )
    opened.archive.note(after_answer(known, answer, now), known, reason="test")
    await opened.store.flush()
    found = opened.archive.find_snapshot(url)
    assert found is not None
    return found


def visits(opened: Opened, url: str = URL) -> list[tuple[object, ...]]:
    """Return body and document of the visits on which something was new."""
    query = "SELECT body, document FROM visit WHERE url = ? ORDER BY id"
    return opened.store.read().execute(query, (url,)).fetchall()


def test_archive_snapshot_is_updated_and_keeps_its_first_time(tmp_path: Path) -> None:
    """Each visit overwrites what the URL said; the first time stays."""

    async def scenario(opened: Opened) -> None:
        archive = opened.archive
        first = await visit(opened, etag='"1"')
        await archive.keep(DOCUMENT, body="b1", links=("https://site.example/a",))
        opened.clock.advance(60)
        assert await visit(opened, etag='"2"') == replace(
            first,
            etag='"2"',
            document=DOCUMENT.id,
            links=("https://site.example/a",),
            last_fetched=1_060.0,
            last_read=1_060.0,
        )
        changed = await visit(opened, body="b2")
        assert (changed.body, changed.document, changed.links) == ("b2", "", ())
        assert archive.find_snapshot("https://site.example/unknown") is None

    within(tmp_path, scenario)


def test_archive_history_grows_only_when_something_is_new(tmp_path: Path) -> None:
    """Each other body is one row, with the document it became."""

    async def scenario(opened: Opened) -> None:
        for body in ("b1", "b1", "b2", "b1"):
            await visit(opened, body=body)
            text = f"text of {body}"
            kept = replace(DOCUMENT, id=document_id(URL, text), text=text)
            await opened.archive.keep(kept, body=body)
        documents = [document_id(URL, f"text of {each}") for each in ("b1", "b2")]
        assert visits(opened) == [
            ("b1", documents[0]),
            ("b2", documents[1]),
            ("b1", documents[0]),
        ]

    within(tmp_path, scenario)


def test_archive_document_may_name_another_address(tmp_path: Path) -> None:
    """A canonical URL does not part a document from the page it was read from."""

    async def scenario(opened: Opened) -> None:
        await visit(opened, "https://site.example/de?print=1")
        await opened.archive.keep(
            DOCUMENT, body="b1", fetched_from="https://site.example/de?print=1"
        )
        found = opened.archive.find_snapshot("https://site.example/de?print=1")
        assert found is not None
        assert found.document == DOCUMENT.id

    within(tmp_path, scenario)


async def change_text(opened: Opened, second: str = "two", **said: str) -> None:
    """Visit twice, the second time with other bytes that hold this text."""
    for body, text in (("1" * 32, "one"), ("2" * 32, second)):
        await visit(opened, body=body, **said)
        kept = replace(DOCUMENT, id=document_id(URL, text), text=text)
        await opened.archive.keep(kept, body=body)
        opened.clock.advance(86_400)


@pytest.mark.parametrize(
    ("said", "second", "trust"),
    [
        ({"etag": '"1"'}, "two", Trust(in_validators=False)),
        ({"last_modified": "Sun"}, "two", Trust(in_validators=False)),
        ({"hint": "some state"}, "two", Trust(in_hints=False)),
        ({}, "two", Trust()),
        ({"etag": '"1"', "hint": "some state"}, "one", Trust()),
    ],
)
def test_archive_who_denied_a_change_is_not_believed(
    tmp_path: Path, said: dict[str, str], second: str, trust: Trust
) -> None:
    """Validator or hint stayed, the text did not: the site loses that trust.

    Other bytes with the same text convict nobody.
    """

    async def scenario(opened: Opened) -> None:
        await change_text(opened, second, **said)
        other = replace(Snapshot(URL + "/b", URL + "/b", "b9"), etag='"other"')
        assert opened.archive.trust(other) == trust
        elsewhere = replace(other, final_url="https://else.example/")
        assert opened.archive.trust(elsewhere) == Trust()
        opened.clock.advance(91 * 86_400)
        assert opened.archive.trust(other) == Trust()

    within(tmp_path, scenario)


def test_archive_another_reader_convicts_nobody(tmp_path: Path) -> None:
    """Text that changed because it is read anew is not the site's doing."""

    async def scenario(opened: Opened) -> None:
        await change_text(opened, "one", etag='"1"')
        again = replace(DOCUMENT, id=document_id(URL, "other"), text="other")
        await opened.archive.keep(again, body="2" * 32)
        snapshot = opened.archive.find_snapshot(URL)
        assert snapshot is not None
        assert opened.archive.trust(snapshot) == Trust()

    within(tmp_path, scenario)


def test_archive_changed_text_ends_the_streak(tmp_path: Path) -> None:
    """Bytes that differ by a token keep the streak; another text begins anew."""

    async def scenario(opened: Opened) -> list[int]:
        streaks = []
        for day, text in enumerate(["one", "one", "one", "two", "two"]):
            await visit(opened, body=f"{day:032x}")
            kept = replace(DOCUMENT, id=document_id(URL, text), text=text)
            await opened.archive.keep(kept, body=f"{day:032x}")
            snapshot = opened.archive.find_snapshot(URL)
            assert snapshot is not None
            streaks.append(snapshot.unchanged_streak)
            opened.clock.advance(86_400)
        return streaks

    assert within(tmp_path, scenario) == [0, 1, 2, 0, 1]


def test_archive_day_without_a_time_is_no_lie(tmp_path: Path) -> None:
    """A page edited twice on the day of its lastmod convicts nobody."""

    async def scenario(opened: Opened) -> None:
        await change_text(opened, "two", hint="1970-01-01")
        snapshot = opened.archive.find_snapshot(URL)
        assert snapshot is not None
        assert opened.archive.trust(snapshot) == Trust()

    within(tmp_path, scenario)


def test_archive_bytes_with_a_token_are_kept_once(tmp_path: Path) -> None:
    """Of bodies with the same text only the newest stays, unless a page has it."""

    async def scenario(opened: Opened) -> None:
        bodies = [await opened.blobs.put(b"token %d" % each) for each in range(4)]
        await visit(opened, URL + "/twin", body=bodies[1])
        for day, text in enumerate(["one", "one", "one", "two"]):
            await visit(opened, body=bodies[day])
            kept = replace(DOCUMENT, id=document_id(URL, text), text=text)
            await opened.archive.keep(kept, body=bodies[day])
        await opened.blobs.put(b"something else")
        assert [opened.blobs.has(each) for each in bodies] == [False, True, True, True]

    within(tmp_path, scenario)


def test_archive_etag_that_pages_share_names_none_of_them(tmp_path: Path) -> None:
    """One ETag on two different pages of a site is no fingerprint of a page."""

    async def scenario(opened: Opened) -> None:
        first = await visit(opened, body="b1", etag='"constant"')
        assert opened.archive.trust(first) == Trust()
        await visit(opened, "https://other.example/", body="b3", etag='"constant"')
        assert opened.archive.trust(first) == Trust()
        await visit(opened, URL + "/2", body="b2", etag='"constant"')
        assert opened.archive.trust(first) == Trust(in_validators=False)

    within(tmp_path, scenario)


def test_archive_pages_of_a_source_are_those_still_there(tmp_path: Path) -> None:
    """A listing is told what it had before, without what is gone or never was."""

    async def scenario(opened: Opened) -> None:
        for name in ("b", "a", "gone"):
            await visit(opened, f"{URL}/{name}", source="source[0]")
            opened.clock.advance(1)
        await visit(opened, f"{URL}/other", source="source[1]")
        gone = opened.archive.find_snapshot(f"{URL}/gone")
        never = Snapshot(f"{URL}/x", f"{URL}/x", "", status=0, source="source[0]")
        assert gone is not None
        opened.archive.note(after_failure(gone, "HTTP 404", 404, 1.0), gone)
        opened.archive.note(after_failure(never, "HTTP 403", 0, 1.0), never)
        await opened.store.flush()
        assert opened.archive.of("source[0]") == (f"{URL}/b", f"{URL}/a")

    within(tmp_path, scenario)


def test_archive_knows_what_stood_there_before(tmp_path: Path) -> None:
    """The previous document of an address is found, of a new one there is none."""

    async def scenario(opened: Opened) -> None:
        first = await opened.archive.keep(DOCUMENT, body="b1")
        assert opened.archive.previous(first) is None
        opened.clock.advance(1)
        changed = replace(DOCUMENT, id=document_id(URL, "two"), text="two")
        second = await opened.archive.keep(changed, body="b2")
        assert opened.archive.previous(second) == first

    within(tmp_path, scenario)


def test_archive_open_twice_changes_nothing(tmp_path: Path) -> None:
    """Opening an archive that exists keeps what is in it."""

    async def scenario(opened: Opened) -> Document | None:
        await opened.archive.keep(DOCUMENT, body="b1")
        await opened.archive.open()
        return opened.archive.find(DOCUMENT.id)

    assert within(tmp_path, scenario) is not None
