"""compact: a database file gives back the room that removed rows have left."""

from __future__ import annotations

import shutil
from pathlib import Path

import apsw

from subak.engine.storage import storage_error

_BUSY_MS = 10_000
_WORTH = 0.05  # less free room than this share is soon used again
_SPARE_BYTES = 16 * 1024 * 1024


def compact(path: Path) -> int:
    """Rewrite a database without its empty pages; return by how much it shrank.

    Nothing happens where that brings little, or where the disk has no room for the
    copy that SQLite makes. A kill leaves the file as it was.

    Raises:
        StorageError: The file cannot be read or written.
    """
    if not path.exists():
        return 0
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            connection.set_busy_timeout(_BUSY_MS)
            return _vacuum(connection, path)
        finally:
            connection.close()
    except (apsw.Error, OSError) as error:
        raise storage_error(error, path) from error


def _vacuum(connection: apsw.Connection, path: Path) -> int:
    empty = int(connection.execute("PRAGMA freelist_count").get)
    pages = int(connection.execute("PRAGMA page_count").get)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.stat().st_size
    # The copy lies beside the file, then in its write-ahead log.
    needed = 2 * (before * (pages - empty) // max(pages, 1)) + _SPARE_BYTES
    if empty < _WORTH * pages or shutil.disk_usage(path.parent).free < needed:
        return 0
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return max(before - path.stat().st_size, 0)
