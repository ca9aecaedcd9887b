"""One life of a run in a process of its own, which may end by SIGKILL half-way."""

from __future__ import annotations

import json
import os
from pathlib import Path

from subak.api import RunRequest, run
from subak.engine.events import Event, Listener
from subak.testing.crash import CrashAt

PRELOADED = [
    "subak.api",
    "subak.engine.runner",
    "subak.recipes.build",
    "subak.sources.extract_page",
    "subak.llm.openai",
    "subak.testing.crash",
]


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
