"""Opening a file: made, migrated with a backup, or refused untouched."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest

from subak.engine.schema import MIGRATIONS, find_version, migrate
from subak.engine.store import Store, open_reader
from subak.errors import StorageError

_NEWEST = len(MIGRATIONS)
_NEXT = "CREATE TABLE extra(note TEXT) STRICT; INSERT INTO meta VALUES('step', '2')"
_USER = 65534


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Return a journal of today's schema with one row in it."""
    path = tmp_path / "journal.db"

    async def make() -> None:
        store = Store.open(path)
        await store.write(
            lambda writer: writer.execute("INSERT INTO meta VALUES('a', 'b')").close()
        )
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a folder any user can reach."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def _ordinary_user() -> Iterator[None]:
    """Be somebody whom permissions bind."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(_USER)
    try:
        yield
    finally:
        if user == 0:
            os.seteuid(user)


def _set_version(path: Path, version: int) -> bytes:
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", version)
    connection.close()
    return path.read_bytes()


def test_store_open_refuses_a_newer_journal_untouched(journal: Path) -> None:
    """A newer schema is named with ours and the way out; no byte changes."""
    before = _set_version(journal, 99)
    for opened in (Store.open, open_reader):
        with pytest.raises(StorageError, match="99") as caught:
            opened(journal)
        assert str(len(MIGRATIONS)) in caught.value.message
        assert "upgrade" in caught.value.hint
    assert journal.read_bytes() == before


def test_store_open_refuses_a_foreign_database_untouched(tmp_path: Path) -> None:
    """Another program's SQLite file is neither migrated nor switched to WAL."""
    path = tmp_path / "other.db"
    connection = apsw.Connection(str(path))
    connection.execute("CREATE TABLE theirs(a)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="another program"):
        Store.open(path)
    assert path.read_bytes() == before


def test_store_open_refuses_what_is_no_database(tmp_path: Path) -> None:
    """A text file in the journal's place is left alone and named."""
    path = tmp_path / "journal.db"
    path.write_text("not a database, just a long enough text " * 50, encoding="utf-8")
    for opened in (Store.open, open_reader):
        with pytest.raises(StorageError, match="not a journal") as caught:
            opened(path)
        assert caught.value.where == str(path)
        assert "move it away" in caught.value.hint


def test_store_open_says_when_the_folder_cannot_be_made(tmp_path: Path) -> None:
    """A file where a folder should be is an error with its path."""
    (tmp_path / "file").touch()
    with pytest.raises(StorageError) as caught:
        Store.open(tmp_path / "file" / "journal.db")
    assert "file" in caught.value.where


def test_store_open_says_when_the_folder_cannot_be_written(folder: Path) -> None:
    """A folder without the right to write is named with the way out."""
    closed = folder / "closed"
    closed.mkdir(mode=0o555)
    with _ordinary_user(), pytest.raises(StorageError) as caught:
        Store.open(closed / "journal.db")
    assert "written" in caught.value.hint
    assert caught.value.where == str(closed / "journal.db")


def test_store_open_says_when_the_file_is_read_only(
    folder: Path, journal: Path
) -> None:
    """A journal that may only be read is not opened for writing."""
    path = folder / "journal.db"
    shutil.copy(journal, path)
    folder.chmod(0o777)
    path.chmod(0o444)
    with _ordinary_user(), pytest.raises(StorageError) as caught:
        Store.open(path)
    assert "make it writable" in caught.value.hint


def test_migrate_keeps_a_backup_and_the_rows(journal: Path) -> None:
    """An older file is copied whole before it becomes a newer one."""
    connection = apsw.Connection(str(journal))
    unfinished = journal.with_name(f"journal.db.v{_NEWEST}.backup.tmp")
    unfinished.write_text("left by a killed run", encoding="utf-8")
    migrate(connection, journal, (*MIGRATIONS, _NEXT))
    assert find_version(connection, journal, _NEWEST + 1) == _NEWEST + 1
    rows = dict(connection.execute("SELECT key, value FROM meta"))
    assert rows == {"a": "b", "step": "2"}
    connection.close()

    backup = open_reader(journal.with_name(f"journal.db.v{_NEWEST}.backup"))
    assert dict(backup.execute("SELECT key, value FROM meta")) == {"a": "b"}
    backup.close()
    assert not unfinished.exists()


def test_migrate_is_all_or_nothing(journal: Path) -> None:
    """A migration that breaks off leaves the older file as it was, and usable."""
    connection = apsw.Connection(str(journal))
    with pytest.raises(apsw.SQLError):
        migrate(connection, journal, (*MIGRATIONS, _NEXT, "CREATE nonsense"))
    assert find_version(connection, journal, _NEWEST + 2) == _NEWEST
    assert not connection.table_exists(None, "extra")
    connection.close()
    reader = open_reader(journal)
    assert reader.execute("SELECT value FROM meta").get == "b"
    reader.close()


def test_open_reader_says_what_to_do_without_a_usable_journal(journal: Path) -> None:
    """No journal and an older one are told apart, each with a way out."""
    with pytest.raises(StorageError, match="no journal") as caught:
        open_reader(journal.with_name("absent.db"))
    assert "subak run" in caught.value.hint
    empty = journal.with_name("empty.db")
    empty.touch()
    with pytest.raises(StorageError, match="schema 0") as caught:
        open_reader(empty)
    assert "subak run" in caught.value.hint


def test_open_reader_reads_while_a_run_writes_and_cannot_write(journal: Path) -> None:
    """A view sees what is committed and has no way to change it."""

    async def scenario() -> None:
        store = Store.open(journal)
        reader = open_reader(journal)
        await store.write(
            lambda writer: writer.execute("INSERT INTO meta VALUES('c', 'd')").close()
        )
        assert reader.execute("SELECT count(*) FROM meta").get == 2
        with pytest.raises(apsw.ReadOnlyError):
            reader.execute("DELETE FROM meta")
        reader.close()
        await store.close()

    asyncio.run(scenario())


def test_store_open_by_several_processes_at_once_makes_one_journal(
    tmp_path: Path,
) -> None:
    """Processes that race to create the file all end up with the same sound one."""
    path = tmp_path / "journal.db"
    code = (
        "import asyncio, sys; from pathlib import Path;"
        "from subak.engine.store import Store; sys.stdin.read(1);"
        "asyncio.run(Store.open(Path(sys.argv[1])).close())"
    )
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for _ in range(4)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.close()
        racer.stdin = None
    assert [racer.communicate(timeout=30)[1] for racer in racers] == [b""] * 4
    reader = open_reader(path)
    assert reader.pragma("integrity_check") == "ok"
    reader.close()
