"""How long whole runs took, and which part of the work took how much of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.views.run_times import RunTimes, read_run_times, read_shares
from tests.views.sample import SampleJournal


def _run(journal: SampleJournal, number: int, seconds: float, **options: str) -> None:
    journal.begin(
        f"run-{number}",
        at=number * 1000.0,
        ended=number * 1000.0 + seconds,
        status=options.get("status", "done"),
        summary=options.get("summary", "{}"),
    )


def _times(folder: Path) -> RunTimes | None:
    db = open_reader(Workspace(folder).journal)
    try:
        return read_run_times(db, "intel")
    finally:
        db.close()


def test_run_times_are_those_of_the_newest_whole_runs(tmp_path: Path) -> None:
    """Five count; one cut off, one at work and one past its deadline do not."""
    journal = SampleJournal(tmp_path)
    for number in range(7):
        _run(journal, number, 10.0 * (number + 1))
    _run(journal, 7, 900.0, status="interrupted")
    _run(journal, 8, 900.0)
    journal.event(8500, "deadline.left", item="tax")
    _run(journal, 9, 80.0, summary='{"seconds": 33.0}')
    journal.save()
    times = _times(tmp_path)
    assert times is not None
    assert times.runs == ("run-9", "run-6", "run-5", "run-4", "run-3")
    assert times.seconds == (33.0, 70.0, 60.0, 50.0, 40.0)
    assert times.usual_s == 50.0


def test_run_times_of_a_recipe_without_runs_are_unknown(tmp_path: Path) -> None:
    """A journal of other recipes' runs tells nothing."""
    journal = SampleJournal(tmp_path)
    journal.begin(recipe="tax", ended=5.0, status="done")
    journal.save()
    assert _times(tmp_path) is None


def test_shares_are_parts_of_the_runs_time(tmp_path: Path) -> None:
    """Calls overlap, so each part takes its share of what the run took."""
    journal = SampleJournal(tmp_path)
    _run(journal, 0, 100.0)
    for number, (stage, category, seconds) in enumerate(
        [
            ("facts", "tax", 60.0),
            ("facts", "visa", 20.0),
            ("draft", "tax", 100.0),
            ("facts", "", 20.0),
        ]
    ):
        item = f"{stage}-{category}"
        labels = {"category": category} if category else {}
        journal.task(stage, item, labels=labels)
        journal.call(f"{number:02}" * 16, stage, item, at=1.0, seconds=seconds)
    journal.save()
    db = open_reader(Workspace(tmp_path).journal)
    times = read_run_times(db, "intel")
    assert times is not None
    shares = read_shares(db, times)
    db.close()
    assert shares.categories == pytest.approx({"tax": 80.0, "visa": 10.0})
    assert shares.stages == pytest.approx({"draft": 50.0, "facts": 50.0})
    assert list(shares.categories) == ["tax", "visa"]
