"""render_metrics: a workspace's figures for Prometheus, for a scraper or a file."""

from __future__ import annotations

from pathlib import Path

import apsw

from subak.engine.atomic import write_atomically
from subak.engine.holder import find_holder
from subak.engine.storage import storage_error
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.extras.prometheus import CONTENT_TYPE as CONTENT_TYPE
from subak.extras.prometheus import check_prometheus, render
from subak.views.metrics import read_metrics


def render_metrics(workspace: Workspace) -> bytes:
    """Return what the journal says now, in Prometheus's text format.

    Raises:
        MissingExtra: The extra ``prometheus`` isn't installed.
        StorageError: There is no journal yet, or it cannot be read.
    """
    check_prometheus()
    db = open_reader(workspace.journal)
    try:
        is_alive = find_holder(workspace) is not None
        return render(read_metrics(db, is_alive=is_alive))
    except apsw.Error as error:
        raise storage_error(error, workspace.journal) from error
    finally:
        db.close()


def write_metrics(workspace: Workspace, path: Path) -> None:
    """Write the figures to a file, for node_exporter's textfile collector.

    Raises:
        MissingExtra: The extra ``prometheus`` isn't installed.
        StorageError: The journal cannot be read or the file not be written.
    """
    write_atomically(path, render_metrics(workspace))
