"""The SQLite file: one writer thread with group commit, one reader connection.

Knows connections, transactions and threads; which tables there are is the business
of schema.py, of the journal and of the floors above.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, TypeVar

import apsw

from subak.engine.change import CAUSED_BY_DATA, Change, settle
from subak.engine.schema import MIGRATIONS, Migration, find_version, migrate
from subak.engine.storage import storage_error
from subak.errors import StorageError

T = TypeVar("T")
Patience = Literal["none", "short", "long"]
"""How long a change may wait for others: not at all, 40 ms, or 200 ms under load."""

_BUSY_MS = 10_000
_CLOSING_S = 60.0
_SHORT_S = 0.04
_LONG_S = 0.16  # after the short one
_MANY = 4  # changes at once: then more of them are worth waiting for
_MOST_WAITING = 4_096
_CACHE_KIB = 8_192
_WAL_BYTES = 16 * 1024 * 1024
_READ_WRITE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE


class Store:
    """A workspace's database, written by one thread.

    Guarantees: ``write`` returns only after COMMIT with ``synchronous=FULL``; changes
    are applied in the order they came, all that wait in one transaction; a change
    that fails leaves no trace and disturbs no other; a patient one is committed with
    the next that is not, or when its time is over (see ``Patience``);
    after ``close`` everything accepted is on the disk or was reported.
    Assumes: the workspace's lock is held; ``read`` is used by one thread, in short
    statements (an open one keeps the write-ahead log growing).
    """

    def __init__(
        self, path: Path, writer: apsw.Connection, reader: apsw.Connection
    ) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._accepted: deque[Change[object]] = deque()
        self._is_some = threading.Event()
        self._is_urgent = threading.Event()
        self._is_soon = False
        self._is_resting = False
        self._rest_s = 0.0
        self._is_closed = False
        self._has_ended = False
        self._is_reading = False
        self._posted_error: Exception | None = None
        self._thread = threading.Thread(
            target=self._serve, name="subak-writer", daemon=True
        )
        self._thread.start()

    @classmethod
    def open(
        cls,
        path: Path,
        migrations: Sequence[Migration] = MIGRATIONS,
        *,
        cache_kib: int = _CACHE_KIB,
    ) -> Store:
        """Open the file, creating or migrating it.

        Args:
            migrations: What tables the file has; a journal's by default.
            cache_kib: What each of its two connections may hold of it in memory.

        Raises:
            StorageError: It cannot be read or written, is no journal, or is newer.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            writer = _open_writer(path, migrations, cache_kib)
            reader = _connect(path, apsw.SQLITE_OPEN_READONLY, cache_kib)
        except (apsw.Error, OSError) as error:
            raise storage_error(error, path) from error
        return cls(path, writer, reader)

    async def write(
        self,
        change: Callable[[apsw.Connection], T],
        *,
        patience: Patience = "none",
    ) -> T:
        """Apply the change in the writer thread; return its value after COMMIT.

        Args:
            change: Must not keep a cursor, and may be called again.
            patience: Whether it may wait for others, to share their commit.

        Raises:
            StorageError: The disk or the file failed, now or at an earlier ``post``.
        """
        waiting: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._accept(Change(change, waiting), patience)
        value = await waiting
        self._raise_posted()
        return value

    def post(
        self,
        change: Callable[[apsw.Connection], object],
        *,
        patience: Patience = "long",
    ) -> None:
        """Apply the change soon; a later write, flush or close tells if it failed."""
        self._accept(Change(change), patience)

    async def flush(self) -> None:
        """Return when all that was posted is on the disk."""
        await self.write(_nothing)

    def read(self) -> apsw.Connection:
        """Return the connection that reads what is committed."""
        return self._reader

    async def catch_up(self) -> None:
        """Wait while so much is still to be written that it fills the memory."""
        if len(self._accepted) > _MOST_WAITING:
            await self.flush()

    def read_on(self) -> None:
        """Let what is read until the loop's next turn share one look at the file.

        That saves locking it for each. What is acknowledged later is read later, for
        whoever waited for it has its turn after that.
        """
        if self._is_reading:
            return
        with suppress(RuntimeError):  # no loop, no turn: each reads on its own
            asyncio.get_running_loop().call_soon(self._end_reading)
            self._is_reading = True
            self._reader.execute("BEGIN")

    def _end_reading(self) -> None:
        if self._is_reading:
            self._is_reading = False
            with suppress(apsw.Error):  # the next statement tells
                self._reader.execute("COMMIT")

    async def close(self) -> None:
        """Write what is queued, then close the file; again does nothing."""
        self._is_closed = True
        self._is_urgent.set()
        self._is_some.set()
        await asyncio.to_thread(self._thread.join, _CLOSING_S)
        if self._thread.is_alive():
            raise StorageError(
                f"the disk did not finish writing in {_CLOSING_S:.0f} s",
                where=str(self.path),
                hint="look at the disk, then run the same command again",
            )
        self._is_reading = False
        self._reader.close()
        self._writer.close()
        self._raise_posted()

    def _accept(self, change: Change[T], patience: Patience) -> None:
        """Hand a change to the writer thread.

        Without a lock: a deque takes and gives one at a time. Whoever sets an event
        has appended before; the writer clears it before it takes all there is.
        """
        if self._is_closed:
            raise StorageError(
                "the journal is closed",
                where=str(self.path),
                hint="run the same command again: finished work is kept",
            )
        self._accepted.append(change)  # type: ignore[arg-type]  # only settled here
        if patience == "short":
            self._is_soon = True
        is_urgent = patience == "none" or (self._is_resting and self._is_soon)
        if is_urgent and not self._is_urgent.is_set():
            self._is_urgent.set()
        if not self._is_some.is_set():
            self._is_some.set()
        if self._has_ended:  # by a bug, just now: it may not have seen the change
            self._refuse_rest([])

    def _raise_posted(self) -> None:
        error, self._posted_error = self._posted_error, None
        if error is not None:
            raise error

    def _serve(self) -> None:
        group: list[Change[object]] = []
        try:
            while (group := self._take_all()) or not self._is_closed:
                if group:
                    self._commit(group)
        finally:
            self._refuse_rest(group)

    def _take_all(self) -> list[Change[object]]:
        """Wait for a change, then take all there are.

        What can wait is held back, for each commit costs a flush of the disk, a
        wake-up of the loop, and a copy of each page of the file that it touches.
        """
        if not self._is_closed:
            self._is_some.wait()
            if not self._is_urgent.wait(_SHORT_S) and self._rest_s:
                self._rest()
        self._is_some.clear()
        self._is_urgent.clear()
        self._is_soon = False
        accepted = self._accepted
        taken = [accepted.popleft() for _ in range(len(accepted))]
        much = len(taken) >= _MANY
        self._rest_s = min(_LONG_S, 2 * self._rest_s or _SHORT_S) if much else 0.0
        return taken

    def _rest(self) -> None:
        """Wait on, while there is nothing but what may wait long.

        The flag is set before the other is read, and the other way round where a
        change is accepted: one of both sees it.
        """
        self._is_resting = True
        if not self._is_soon:
            self._is_urgent.wait(self._rest_s)
        self._is_resting = False

    def _commit(self, group: list[Change[object]]) -> None:
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            for change in group:
                change.apply(self._writer)
                if not self._writer.in_transaction:
                    raise apsw.SQLError("the change ended the transaction")
            self._writer.execute("COMMIT")
        except CAUSED_BY_DATA as error:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            self._commit_singly(group, error)
        else:
            settle(group)

    def _commit_singly(self, group: list[Change[object]], error: Exception) -> None:
        """Find out which changes of a failed group can be kept."""
        if len(group) > 1 and not isinstance(error, apsw.BusyError):
            for change in group:
                self._commit([change])
            return
        for change in group:
            self._fail(change, error)
        settle(group)

    def _fail(self, change: Change[object], error: Exception) -> None:
        change.fail(error, self.path)
        if not change.is_awaited and self._posted_error is None:
            self._posted_error = change.error

    def _refuse_rest(self, group: list[Change[object]]) -> None:
        """Let nobody wait for a thread that has ended, by ``close`` or by a bug."""
        self._is_closed = self._has_ended = True
        with suppress(IndexError):
            while True:
                group.append(self._accepted.popleft())
        for change in group:
            stopped = StorageError(
                "the journal's writer stopped",
                where=str(self.path),
                hint="run the same command again: finished work is kept",
            )
            self._fail(change, stopped)
        settle(group)


def open_reader(path: Path) -> apsw.Connection:
    """Open a journal for reading only, also while a run is writing it.

    Raises:
        StorageError: There is none, or it has another schema than this subak.
    """
    if not path.exists():
        raise StorageError(
            "there is no journal here yet",
            where=str(path),
            hint="subak run RECIPE makes one; or name the workspace folder",
        )
    try:
        reader = _connect(path, apsw.SQLITE_OPEN_READONLY)
        found = find_version(reader, path, len(MIGRATIONS))
    except apsw.Error as error:
        raise storage_error(error, path) from error
    if found < len(MIGRATIONS):
        raise StorageError(
            f"the journal has schema {found}, this subak reads {len(MIGRATIONS)}",
            where=str(path),
            hint="subak run RECIPE brings it up to date (a backup is kept)",
        )
    return reader


def _nothing(_connection: apsw.Connection) -> None:
    return None


def _connect(path: Path, flags: int, cache_kib: int = _CACHE_KIB) -> apsw.Connection:
    connection = apsw.Connection(str(path), flags=flags)
    connection.set_busy_timeout(_BUSY_MS)
    connection.pragma("trusted_schema", False)
    connection.pragma("cache_size", -cache_kib)
    return connection


def _open_writer(
    path: Path, migrations: Sequence[Migration], cache_kib: int
) -> apsw.Connection:
    """Open for writing; a file that is not ours is refused before it is touched."""
    connection = _connect(path, _READ_WRITE, cache_kib)
    try:
        find_version(connection, path, len(migrations))
        if connection.readonly("main"):
            raise apsw.ReadOnlyError("opened without the right to write")
        connection.pragma("journal_mode", "wal")
        connection.pragma("journal_size_limit", _WAL_BYTES)
        connection.pragma("synchronous", "full")
        connection.pragma("fullfsync", True)  # macOS: fsync alone stops at the drive
        migrate(connection, path, migrations)
    except (apsw.Error, OSError, StorageError):
        connection.close()
        raise
    return connection
