"""What a failing disk or file means to the user: one table, one function."""

from __future__ import annotations

import errno
from pathlib import Path

import apsw

from subak.errors import StorageError

_FULL = (
    "the disk is full",
    "make room, then run the same command again: finished work is kept",
)
_READ_ONLY = (
    "the file or its folder cannot be written",
    "make it writable for this user, or choose another workspace folder",
)
_LOCKED = (
    "another program keeps the file locked",
    "close what has it open, then run the same command again",
)
_FAILING = (
    "the disk failed to read or write",
    "look at the disk and the room on it, then run the same command again: "
    "finished work is kept",
)

_BY_KIND: tuple[tuple[type[apsw.Error], tuple[str, str]], ...] = (
    (apsw.FullError, _FULL),
    (apsw.ReadOnlyError, _READ_ONLY),
    (apsw.PermissionsError, _READ_ONLY),
    (
        apsw.CantOpenError,
        (
            "the file cannot be opened",
            "check that its folder exists and can be written by this user",
        ),
    ),
    (
        apsw.NotADBError,
        (
            "the file is not a journal",
            "move it away, then run the same command again",
        ),
    ),
    (
        apsw.CorruptError,
        (
            "the file is damaged",
            "move it away (or put a backup from the same folder in its place), "
            "then run the same command again: results in out/ stay",
        ),
    ),
    (apsw.BusyError, _LOCKED),
    (apsw.LockedError, _LOCKED),
    (apsw.ProtocolError, _LOCKED),
    (apsw.IOError, _FAILING),
    (apsw.NoMemError, ("there is no memory left", "close something, then go on")),
)

_BY_NUMBER = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.EROFS: _READ_ONLY,
}

SURROUNDINGS = tuple(kind for kind, _ in _BY_KIND)


def storage_error(error: apsw.Error | OSError, path: Path) -> StorageError:
    """Return the error to show for one of SQLite's or of the file system's."""
    if isinstance(error, OSError):
        message, hint = _BY_NUMBER.get(
            error.errno or 0, (str(error.strerror or error), _FAILING[1])
        )
        return StorageError(message, where=str(path), hint=hint)
    for kind, (message, hint) in _BY_KIND:
        if isinstance(error, kind):
            return StorageError(f"{message} ({error})", where=str(path), hint=hint)
    return StorageError(
        f"the journal refused: {type(error).__name__}: {error}",
        where=str(path),
        hint="run `subak doctor`; if it finds nothing, this is a bug to report",
    )
