"""Large immutable bytes, named by the hash of their content, in a database of theirs.

Apart from the journal, so that the one that grows fast and can be fetched anew does not
stand in the way of the one that cannot.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import apsw
import zstandard

from subak.engine.storage import storage_error
from subak.engine.store import Store
from subak.errors import StorageError

FILE = "bodies.db"

_TABLES = (
    """
CREATE TABLE body(
    id TEXT PRIMARY KEY, data BLOB NOT NULL, size INTEGER NOT NULL) STRICT;
""",
)
_KEEP = """
INSERT INTO body VALUES(?, ?, ?)
ON CONFLICT (id) DO UPDATE SET data = excluded.data, size = excluded.size
"""
_ID = re.compile(r"[0-9a-f]{32}")
# 0.18 ms for a page of 40 KB, which becomes 12 KB; level 1 saves 0.03 ms of it.
_LEVEL = 3
# Bodies are written once and rarely read: a larger cache only fills (7 MB more).
_CACHE_KIB = 1_024


class Blobs:
    """A folder of content-addressed, compressed bytes.

    Guarantees: an id is returned only when the bytes are on the disk; what is read has
    the content its id names; putting the same bytes again repairs a damaged copy. All
    that is put within a moment shares one commit; hashing and compressing happen in
    the writer's thread.
    Assumes: bytes are added by one run at a time, read by anyone; ``get`` and ``has``
    are called from one thread. Files of earlier versions, one a body, are read where
    the database has no copy.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / FILE
        self._store: Store | None = None
        self._compressor = zstandard.ZstdCompressor(level=_LEVEL)

    async def put(self, data: bytes) -> str:
        """Keep the bytes and return their id, once they are on the disk."""

        def change(connection: apsw.Connection) -> str:
            blob_id = _hash(data)
            if _read(connection, blob_id) is None:
                row = (blob_id, self._compressor.compress(data), len(data))
                connection.execute(_KEEP, row)
            return blob_id

        return await self._open().write(change, patience="long")

    def get(self, blob_id: str) -> bytes:
        """Return the bytes, checked against their id."""
        data = self._find(blob_id)
        if data is None:
            state = "damaged" if self.has(blob_id) else "missing"
            raise StorageError(
                f"a stored document body is {state}",
                where=f"{self._path}, body {blob_id}",
                hint="run again with --refresh fetch: it will be fetched anew",
            )
        return data

    def has(self, blob_id: str) -> bool:
        """Tell whether there are bytes of this id, without reading them."""
        if self._path.exists():
            query = "SELECT 1 FROM body WHERE id = ?"
            if self._query(query, blob_id) is not None:
                return True
        return self._file(blob_id).exists()

    def size_of(self, blob_id: str) -> int | None:
        """Return how many bytes an id stands for, None when that isn't known."""
        if not self._path.exists():
            return None
        row = self._query("SELECT size FROM body WHERE id = ?", blob_id)
        return None if row is None else int(str(row[0]))

    def discard(self, blob_id: str) -> None:
        """Forget bytes soon: damaged ones, to be put anew, or such as nobody needs."""
        path = self._file(blob_id)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(error, path) from error

        def change(connection: apsw.Connection) -> None:
            connection.execute("DELETE FROM body WHERE id = ?", (blob_id,))

        self._open().post(change)

    async def close(self) -> None:
        """Write what is queued and close the file; again does nothing."""
        store, self._store = self._store, None
        if store is not None:
            await store.close()

    def remove_leftovers(self) -> None:
        """Remove what a killed earlier version left half written; needs the lock."""
        for leftover in self._folder.glob("*/*.tmp"):
            leftover.unlink(missing_ok=True)

    def _open(self) -> Store:
        if self._store is None:
            self._store = Store.open(self._path, _TABLES, cache_kib=_CACHE_KIB)
        return self._store

    def _query(self, query: str, blob_id: str) -> tuple[object, ...] | None:
        try:
            row = self._open().read().execute(query, (blob_id,)).fetchone()
        except apsw.Error as error:
            raise storage_error(error, self._path) from error
        return None if row is None else tuple(row)

    def _find(self, blob_id: str) -> bytes | None:
        path = self._file(blob_id)
        try:
            data = _read(self._open().read(), blob_id) if self._path.exists() else None
            if data is not None or not path.exists():
                return data
            return _unpack(path.read_bytes(), blob_id)
        except (apsw.Error, OSError) as error:
            raise storage_error(error, path) from error

    def _file(self, blob_id: str) -> Path:
        if not _ID.fullmatch(blob_id):
            raise StorageError(
                f"{blob_id!r} is not the id of a document body",
                where=str(self._folder),
                hint="ids are 32 hex digits; `subak doctor` checks the workspace",
            )
        return self._folder / blob_id[:2] / f"{blob_id[2:]}.zst"


def _read(connection: apsw.Connection, blob_id: str) -> bytes | None:
    query = "SELECT data FROM body WHERE id = ?"
    row = connection.execute(query, (blob_id,)).fetchone()
    return None if row is None else _unpack(row[0], blob_id)


def _unpack(packed: bytes, blob_id: str) -> bytes | None:
    # The streaming form: a damaged length in the frame cannot ask for memory.
    stream = zstandard.ZstdDecompressor().decompressobj()
    try:
        data = stream.decompress(packed)
    except zstandard.ZstdError:
        return None
    return data if _hash(data) == blob_id else None


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()
