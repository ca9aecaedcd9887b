"""write_atomically: a file is there whole or not at all, and kept when equal.

The folder itself is not synced: a name lost in a power cut is written again by the
next run, at no cost but the writing.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from subak.errors import StorageError

_HINTS = {
    errno.ENOSPC: "make room on the disk, then start the same run again",
    errno.EDQUOT: "make room in your quota, then start the same run again",
    errno.EACCES: "make the folder writable (chmod u+w) or choose another one",
    errno.EPERM: "make the folder writable (chmod u+w) or choose another one",
    errno.EROFS: "the disk is read-only: choose another folder",
    errno.EISDIR: "a folder has this name: move it away",
    errno.ENOTDIR: "a file has the name of one of these folders: move it away",
    errno.EEXIST: "a file has the name of one of these folders: move it away",
    errno.ELOOP: "a link is in the way: remove it",
}


def write_atomically(path: Path, data: bytes) -> bool:
    """Make ``path`` hold ``data`` and return whether that changed anything.

    Guarantees: a reader sees the old bytes or the new ones, never a part; equal
    bytes leave the file and its time untouched.
    Assumes: one writer per folder at a time (the workspace lock).

    Raises:
        StorageError: The file cannot be read or written.
    """
    try:
        if _holds(path, data):
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
    except OSError as error:
        raise storage_error(path, error) from error
    return True


def storage_error(path: Path, error: OSError) -> StorageError:
    """Return the error to raise for a file that cannot be written."""
    reason = error.strerror or type(error).__name__
    hint = _HINTS.get(error.errno or 0, "check the folder, then run again")
    return StorageError(f"cannot write: {reason}", where=str(path), hint=hint)


def _holds(path: Path, data: bytes) -> bool:
    if path.is_symlink() or not path.exists():
        return False
    return path.stat().st_size == len(data) and path.read_bytes() == data


def _replace(path: Path, data: bytes) -> None:
    # The same name each time: what a killed run left is overwritten, not collected.
    temporary = path.with_name(f".{path.name}.part")
    try:
        _write_synced(temporary, data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _write_synced(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    with open(os.open(path, flags, 0o666), "wb") as file:  # noqa: PTH123 (a descriptor)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
