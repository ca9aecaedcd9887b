"""An archive of the first subak becomes one of today."""

from __future__ import annotations

import asyncio
from pathlib import Path

import apsw

from subak.engine.blobs import Blobs
from subak.engine.store import Store
from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.archive_tables import create_tables
from subak.knowledge.documents.snapshot import Snapshot
from subak.testing.clock import VirtualClock

FIRST = """
CREATE TABLE document (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, payload BLOB NOT NULL,
    first_seen REAL NOT NULL, checksum BLOB NOT NULL) STRICT;
CREATE TABLE snapshot (
    url TEXT PRIMARY KEY, final_url TEXT NOT NULL, document TEXT NOT NULL,
    body TEXT NOT NULL, content_type TEXT NOT NULL, charset TEXT NOT NULL,
    etag TEXT NOT NULL, last_modified TEXT NOT NULL, first_fetched REAL NOT NULL,
    last_fetched REAL NOT NULL, links TEXT NOT NULL) STRICT;
INSERT INTO snapshot VALUES('https://a/', 'https://a/x', 'd1', 'b1', 'text/html',
    'utf-8', '"1"', 'Sun', 100.0, 200.0, '["https://a/y"]');
"""


def test_create_tables_takes_over_what_was_known(tmp_path: Path) -> None:
    """Old rows get times that fit, and a history to begin with; twice is once."""

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        await store.write(lambda connection: connection.execute(FIRST).fetchall())
        archive = Archive(store, Blobs(tmp_path / "blobs"), VirtualClock())
        await archive.open()
        await archive.open()
        assert archive.find_snapshot("https://a/") == Snapshot(
            url="https://a/",
            final_url="https://a/x",
            body="b1",
            content_type="text/html",
            charset="utf-8",
            etag='"1"',
            last_modified="Sun",
            document="d1",
            links=("https://a/y",),
            first_fetched=100.0,
            last_fetched=200.0,
            last_read=200.0,
            last_changed=100.0,
        )
        seen = store.read().execute("SELECT url, fetched, body, document FROM visit")
        assert seen.fetchall() == [("https://a/", 100.0, "b1", "d1")]
        await store.close()

    asyncio.run(scenario())


def test_create_tables_of_a_new_and_an_old_file_are_alike() -> None:
    """A migrated table has the columns of a new one, in any order."""

    def columns(before: str) -> set[tuple[object, ...]]:
        connection = apsw.Connection(":memory:")
        connection.execute(before)
        create_tables(connection)
        query = "SELECT name, type, \"notnull\" FROM pragma_table_info('snapshot')"
        return set(connection.execute(query).fetchall())

    assert columns(FIRST) == columns("")
