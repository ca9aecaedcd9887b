"""publish and its history: files first, then what they say; a kill loses neither."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from subak.engine.stage import Group, Item, Member
from subak.engine.store import Store
from subak.errors import StorageError
from subak.knowledge.facts.fact import Record
from subak.knowledge.results import FieldTitle
from subak.knowledge.settling.published import Published
from subak.stages.publish import PublishOptions, publish
from tests.stages.test_publish import DOCUMENT, FACT, RECORD, StillClock, Told

OTHER = replace(RECORD, facts=(replace(FACT, value=21.0),))
DAY_S = 86_400.0


class _Killed(Published):
    """A history whose process ends before it is noted."""

    async def commit(self, settled: Mapping[str, object], day: str) -> None:
        """End."""
        raise StorageError("killed")


async def _publish(
    history: Published, folder: Path, *records: Record, day: int = 0
) -> Told:
    """Publish records on a day; return what was told."""
    told = Told()
    fields = (FieldTitle("taxation", "vat", "VAT"),)
    options = PublishOptions(
        "tax", "Tax", "en", "", ("json", "changes"), folder, fields
    )
    documents = {DOCUMENT.id: DOCUMENT}
    clock = StillClock(5_000.0 + day * DAY_S)
    stage = publish(options, documents.get, clock, told, None, history)
    members = tuple(Member("facts", Item(str(one), one)) for one in records)
    async for _ in stage.run(Group("all", members)):
        pass
    return told


def _files(folder: Path) -> dict[str, bytes]:
    names = ("facts.json", "changes.json", "changes.md")
    return {name: (folder / name).read_bytes() for name in names}


def _row(folder: Path) -> dict[str, object]:
    (row,) = json.loads((folder / "facts.json").read_bytes())["facts"]
    assert isinstance(row, dict)
    return row


def test_publish_notes_what_it_published(tmp_path: Path) -> None:
    """The next publication knows what was, and a lost value is kept."""

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        try:
            history = Published(store)
            await _publish(history, tmp_path, RECORD)
            assert _row(tmp_path)["status"] == "new"
            told = await _publish(history, tmp_path, OTHER, day=1)
            row = _row(tmp_path)
            assert (row["status"], row["was"], row["value"]) == ("changed", 19.0, 21.0)
            assert ("facts.settled", 1) in [
                (kind, data.get("changed")) for kind, data in told.events
            ]
            before = _files(tmp_path)
            await _publish(history, tmp_path, OTHER, day=9)
            assert _files(tmp_path) == before
            await _publish(history, tmp_path, day=10)
            kept = _row(tmp_path)
            assert (kept["status"], kept["value"]) == ("kept", 21.0)
            assert kept["last_confirmed"] == "1970-01-10"
        finally:
            await store.close()

    asyncio.run(scenario())


def test_publish_killed_before_its_history_writes_the_same_again(
    tmp_path: Path,
) -> None:
    """Files that were written and not noted are written alike by the next run."""

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        try:
            await _publish(Published(store), tmp_path, RECORD)
            with pytest.raises(StorageError, match="killed"):
                await _publish(_Killed(store), tmp_path, OTHER, day=1)
            first = _files(tmp_path)
            await _publish(Published(store), tmp_path, OTHER, day=1)
            assert _files(tmp_path) == first
            await _publish(Published(store), tmp_path, OTHER, day=2)
            assert _files(tmp_path) == first
        finally:
            await store.close()

    asyncio.run(scenario())


def test_publish_cites_the_documents_of_kept_values(tmp_path: Path) -> None:
    """Whoever follows an old quote finds its text."""

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        try:
            history = Published(store)
            await _publish(history, tmp_path, RECORD)
            told = await _publish(history, tmp_path, day=1)
            assert not [kind for kind, _ in told.events if kind == "note"]
        finally:
            await store.close()

    asyncio.run(scenario())
