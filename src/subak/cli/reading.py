"""Opening a workspace's journal for the commands that only read."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from subak.engine.storage import storage_error
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.errors import UserError


@contextmanager
def reading(folder: Path) -> Iterator[apsw.Connection]:
    """Open the journal of a workspace for the block.

    Raises:
        UserError: The folder has no journal.
        StorageError: It has one that cannot be read.
    """
    path = Workspace(folder).journal
    if not path.exists():
        raise UserError(
            f"no journal in {folder.resolve()}",
            hint="run `subak run RECIPE` or `subak demo` first,"
            " or name the workspace with --dir",
        )
    reader = open_reader(path)
    try:
        yield reader
    except apsw.Error as error:
        raise storage_error(error, path) from error
    finally:
        reader.close()


def is_at_work(folder: Path) -> bool:
    """Tell whether a run holds the workspace right now.

    The lock itself is only tried when the process it names lives, so that looking
    never makes a run that is just starting believe the workspace is taken.
    """
    path = Workspace(folder).lock
    try:
        with path.open(encoding="ascii", errors="replace") as lock:
            return _is_alive(lock.read().strip()) and _is_locked(lock.fileno())
    except OSError:
        return False


def _is_alive(pid: str) -> bool:
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False
