"""`--trace-dir`: each call of a run as files besides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import click

from subak.cli.output import Output
from subak.engine.events import Listener

F = TypeVar("F", bound=Callable[..., object])


def trace_dir_option(function: F) -> F:
    """Add `--trace-dir`."""
    return click.option(
        "--trace-dir",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        help="Write each call there: request, response and summary as files.",
    )(function)


@contextmanager
def tracing(
    folder: Path | None, journal: Path, output: Output
) -> Iterator[list[Listener]]:
    """Give the listeners that write the files; all are written when the block ends.

    Args:
        folder: Where to; None for no files.
        journal: The file that the run writes.
    """
    if folder is None:
        yield []
        return
    from subak.views.trace_files import TraceFiles

    files = TraceFiles(folder, journal)
    try:
        yield [files]
    finally:
        if missing := files.finish():
            output.warn(f"warning: {missing}")
        output.note(f"trace files of {files.calls} calls: {folder}")
