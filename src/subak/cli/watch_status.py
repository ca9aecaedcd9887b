"""`subak status --watch`: how a run stands, shown anew until it has ended."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import apsw

from subak.cli.output import Output
from subak.cli.reading import is_at_work
from subak.views.runs import get_run
from subak.views.status import Status, read_status

_EVERY_S = 1.0
_MOST_SHARE = 0.1  # of a processor, for looking
_HOME_AND_CLEAR = "\x1b[H\x1b[J"


def watch_status(
    out: Output,
    db: apsw.Connection,
    run: str,
    folder: Path,
    lines_of: Callable[[Status], Sequence[str]] | None,
) -> None:
    """Show a run until nobody works on it any more.

    On a terminal in one place; elsewhere each state that differs from the one before,
    an empty line between them.

    Args:
        lines_of: The state as lines; None for one JSON object a line.
    """
    name = get_run(db, run).id
    shown: object = None
    is_live = lines_of is not None and sys.stdout.isatty()
    while True:
        begun = time.monotonic()
        is_alive = is_at_work(folder)
        status = read_status(db, name, is_alive=is_alive)
        told: object
        told = status.to_json() if lines_of is None else list(lines_of(status))
        if told != shown:
            _show(out, told, is_first=shown is None, is_live=is_live)
            shown = told
        if status.ended is not None or not is_alive:
            return
        time.sleep(max(_EVERY_S, (time.monotonic() - begun) / _MOST_SHARE))


def _show(out: Output, told: object, *, is_first: bool, is_live: bool) -> None:
    if isinstance(told, dict):
        out.json(told)
        return
    assert isinstance(told, list)
    if is_live:
        sys.stdout.write(_HOME_AND_CLEAR)
    elif not is_first:
        out.line()
    for line in told:
        out.line(line)
    sys.stdout.flush()
