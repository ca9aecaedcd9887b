"""read_answered: the items whose answers a journal holds, and how often each."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from subak.engine.store import open_reader
from subak.views.runs import list_runs
from subak.views.stored_events import iter_events

_RUNS = 10_000


def read_answered(journal: Path) -> Counter[str]:
    """Return how many answered calls of each item are in the journal."""
    database = open_reader(journal)
    try:
        return Counter(
            stored.event.item
            for run in list_runs(database, limit=_RUNS)
            for stored in iter_events(database, run.id, kinds=("call.done",))
        )
    finally:
        database.close()
