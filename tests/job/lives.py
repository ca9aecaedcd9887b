"""Lives: runs in processes of their own, forked from one that has lived once itself.

Run as a program it reads one JSON line a life and answers with its exit code.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

from subak.api import RunRequest, run
from subak.engine.events import Event, Listener
from subak.testing.crash import CrashAt


def live(recipe: str, crash_at: int, report: str) -> None:
    """Run the recipe; write the summary and the number of events to ``report``."""
    os.environ["SOURCE_DATE_EPOCH"] = "1767225600"
    events: list[Event] = []
    listeners: list[Listener] = [events.append]
    if crash_at:
        listeners.append(CrashAt(crash_at))
    summary = run(RunRequest(recipe, workers=0), listeners=listeners)
    told = {**summary.to_json(), "events": len(events)}
    Path(report).write_text(json.dumps(told))


def live_apart(recipe: str, crash_at: int, report: str) -> int:
    """Run the recipe in a fork of this process; return how that ended."""
    assert threading.active_count() == 1  # so that a fork is clean
    child = os.fork()
    if child == 0:
        code = 1
        try:
            live(recipe, crash_at, report)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    """Live as often as told: the first time here, which warms all that are forked."""
    is_first = True
    for line in sys.stdin:
        order = json.loads(line)
        code = 0
        if is_first:
            live(*order)
        else:
            code = live_apart(*order)
        is_first = False
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
