"""Opening a workspace's journal for the commands that only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

from subak.engine.holder import find_holder
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
    """Tell whether a run holds the workspace right now."""
    return find_holder(Workspace(folder)) is not None
