"""Lives: runs in processes of their own, forked from one that has imported everything.

Run as a program it reads one JSON line a life and answers with its exit code.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import subak.engine.runner
import subak.llm.openai
import subak.sources.extract_page  # noqa: F401  (imported once for all lives)
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


def main() -> None:
    """Live as often as told; this process has no threads, so a fork is clean."""
    for line in sys.stdin:
        recipe, crash_at, report = json.loads(line)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                live(recipe, crash_at, report)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
