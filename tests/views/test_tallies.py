"""Tasks that are only counted: in the summary, the costs and the estimate."""

from __future__ import annotations

from pathlib import Path

from subak.engine.store import open_reader
from subak.views.history import read_history
from subak.views.status import read_status
from subak.views.summary import TaskCounts
from subak.views.tallies import StageTally, read_tallies
from tests.views.sample import RUN, SampleJournal


def _journal(folder: Path) -> SampleJournal:
    journal = SampleJournal(folder)
    journal.begin(recipe="map")
    journal.tally("map", 5, 2, 1, 1)
    journal.call("aa" * 16, "map", "1", at=1, seconds=2)
    journal.attempt("map", "7", "InvalidAnswer", "not valid", at=2, retryable=False)
    journal.event(2, "task.failed", "map", "7", seconds=0.0, error="InvalidAnswer")
    journal.attempt("map", "8", "TimedOut", "late, then answered", at=1)
    return journal


def test_tally_counts_in_the_summary_and_the_bill(tmp_path: Path) -> None:
    """Counted tasks stand beside those with rows; the newest failures are theirs."""
    journal = _journal(tmp_path)
    journal.task("fetch", "germany")
    db = open_reader(journal.save())
    status = read_status(db, RUN, is_alive=True)
    assert status.summary.tasks == TaskCounts(done=6, cached=2, failed=1, skipped=1)
    bill = {stage.stage: stage for stage in status.stages}["map"]
    assert (bill.done, bill.cached, bill.failed, bill.calls) == (5, 2, 1, 1)
    assert bill.tasks == 9
    (failure,) = status.summary.failures
    assert (failure.item, failure.error, failure.kind) == (
        "7",
        "not valid",
        "InvalidAnswer",
    )


def test_tally_of_a_resumed_run_counts_its_own_work_as_done(tmp_path: Path) -> None:
    """Rows answered before the kill come back as cached, and were done by the run."""
    journal = _journal(tmp_path)
    path = journal.save()
    journal._add(
        lambda db: db.execute("UPDATE tally SET before = 4, done = 3, cached = 6")
    )
    journal.save()
    assert read_tallies(open_reader(path), RUN) == [StageTally("map", 7, 2, 1, 1)]


def test_tally_counts_in_the_estimate(tmp_path: Path) -> None:
    """The mean cost of a task takes counted tasks into account."""
    history = read_history(open_reader(_journal(tmp_path).save()))
    assert history["map"].calls == 1 / 5
