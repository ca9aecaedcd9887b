"""read_aside: a reader of the journal run beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

import apsw

from subak.engine.storage import storage_error
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace

T = TypeVar("T")


async def read_aside(workspace: Workspace, read: Callable[[apsw.Connection], T]) -> T:
    """Open the journal in a thread, read there, close it, return what was read.

    Guarantees: the connection is used and closed by that one thread, also when
    whoever waits is cancelled.

    Raises:
        StorageError: There is no journal yet, or it cannot be read.
    """
    return await asyncio.to_thread(_read, workspace, read)


def _read(workspace: Workspace, read: Callable[[apsw.Connection], T]) -> T:
    db = open_reader(workspace.journal)
    try:
        return read(db)
    except apsw.Error as error:
        raise storage_error(error, workspace.journal) from error
    finally:
        db.close()
