"""Runs as they went down in history."""

from __future__ import annotations

import json
from pathlib import Path

from subak.engine.store import open_reader
from subak.views.past_runs import list_past_runs, read_past_run
from tests.views.sample import SampleJournal

SUMMARY = {
    "tasks": {"done": 3, "cached": 1, "failed": 1, "skipped": 0},
    "calls": {"sent": 4},
    "tokens": {"in": 10, "out": 5, "cached": 0},
    "facts": {"proved": 6},
    "failures": [{"item": "kenya"}],
    "seconds": 12.5,
}


def _journal(folder: Path) -> Path:
    journal = SampleJournal(folder)
    journal.begin("r1", at=0.0)
    journal.end(12.5, "partial", json.dumps(SUMMARY))
    journal.begin("r2", at=100.0)
    journal.task("fetch", "a", at=100.0)
    journal.task("fetch", "b", at=101.0)
    journal.end(103.0, "interrupted", "")
    journal.begin("r3", at=200.0)
    return journal.save()


def test_list_past_runs_tells_what_each_wrote_down(tmp_path: Path) -> None:
    """The newest first; a run that wrote no summary has no figures."""
    db = open_reader(_journal(tmp_path))
    found = list_past_runs(db, size=2)
    assert ([one.run.id for one in found.rows], found.total) == (["r3", "r2"], 3)
    assert not found.rows[1].is_told
    (last,) = list_past_runs(db, page=2, size=2).rows
    assert (last.seconds, last.failures, last.facts["proved"]) == (12.5, 1, 6)
    db.close()


def test_read_past_run_counts_where_nothing_was_written_down(tmp_path: Path) -> None:
    """A run that was interrupted is counted from its rows."""
    db = open_reader(_journal(tmp_path))
    interrupted = list_past_runs(db).rows[1].run
    assert read_past_run(db, interrupted).tasks["done"] == 2
    db.close()
