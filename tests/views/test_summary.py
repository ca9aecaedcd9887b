"""The object a run ends with."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.engine.store import open_reader
from subak.errors import UserError
from subak.views.summary import RunSummary, run_summary
from tests.views.sample import RUN, SampleJournal


def _first_run(journal: SampleJournal) -> None:
    journal.begin()
    journal.task("fetch", "germany", at=0, seconds=1)
    journal.task("fetch", "france", "failed", at=0, seconds=2, attempts=2)
    journal.attempt("fetch", "france", "TimedOut", "no answer", at=1, hint="try later")
    journal.attempt(
        "fetch", "france", "TimedOut", "still none", at=2, number=2, hint="try later"
    )
    journal.begun("facts", "germany", at=2)
    journal.event(2, "fact.proved", "facts", "germany", field="thrown away")
    journal.event(3, "task.retried", "facts", "germany", attempt=2)
    journal.event(3, "fact.proved", "facts", "germany", field="vat")
    journal.event(3, "fact.refused", "facts", "germany", field="top", reason="no quote")
    journal.failed("k1", "facts", "germany", "Overloaded", at=2)
    journal.call("k1", "facts", "germany", at=3, seconds=2, tokens=(100, 10, 50))
    journal.call("k2", "facts", "germany", at=3, seconds=2, tokens=(100, 10, 0))
    journal.event(5.5, "output.written", path="out/facts.json")
    journal.event(5.6, "output.written", path="out/facts.json")
    journal.end(6, "partial")


def _summary(journal: SampleJournal, run: str = RUN, status: str = "") -> RunSummary:
    return run_summary(open_reader(journal.save()), run, status=status)


def test_summary_is_the_object_of_the_contract(tmp_path: Path) -> None:
    """Every number of the published object comes out of the journal."""
    journal = SampleJournal(tmp_path)
    _first_run(journal)
    assert _summary(journal).to_json() == {
        "version": 1,
        "run": RUN,
        "recipe": "intel",
        "status": "partial",
        "seconds": 6.0,
        "tasks": {"done": 1, "cached": 0, "failed": 1, "skipped": 0},
        "calls": {
            "sent": 3,
            "succeeded": 2,
            "retried": 1,
            "repeated": 0,
            "rejected": 1,
        },
        "tokens": {"in": 200, "out": 20, "cached": 50},
        "parallel": {"peak": 2, "mean": 1.667, "serial_seconds": 5.0, "speedup": 1.667},
        "facts": {
            "proved": 1,
            "refused": 1,
            "changed": 0,
            "kept": 0,
            "conflicts": 0,
        },
        "failures": [
            {
                "item": "france",
                "stage": "fetch",
                "error": "still none",
                "hint": "try later",
            }
        ],
        "outputs": ["out/facts.json"],
        "fetch": {
            "pages": 1,
            "new": 0,
            "changed": 0,
            "unchanged": 0,
            "spared": 0,
            "removed": 0,
            "copies": 0,
            "failed": 1,
            "bytes": 0,
            "requests": 0,
        },
        "failed_sites": [],
    }


def test_summary_of_a_cached_run_keeps_facts_and_outputs(tmp_path: Path) -> None:
    """What was taken from the journal still stands behind the second run."""
    journal = SampleJournal(tmp_path)
    journal.begin("first", at=-100)
    journal.task("facts", "germany", at=-99)
    journal.event(-98.5, "fact.proved", "facts", "germany", field="vat")
    journal.event(-98.4, "fact.refused", "facts", "germany", field="top", reason="no")
    journal.event(-98, "output.written", path="out/facts.json")
    journal.end(-97)
    journal.begin()
    journal.task("facts", "germany", "cached", at=1)
    journal.end(1.5)
    summary = _summary(journal)
    assert (summary.tasks.done, summary.tasks.cached) == (0, 1)
    assert (summary.facts.proved, summary.facts.refused) == (1, 1)
    assert summary.calls.sent == 0
    assert summary.outputs == ("out/facts.json",)


def test_summary_of_a_resumed_run_counts_its_own_work_as_done(tmp_path: Path) -> None:
    """A task done before the kill stays done, and the pause is not work."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("facts", "germany", at=1)
    journal.event(1000, "run.resumed", recipe="intel")
    journal.task("facts", "germany", "cached", at=1001)
    journal.task("facts", "france", at=1001, seconds=2)
    journal.end(1004)
    summary = _summary(journal)
    assert (summary.tasks.done, summary.tasks.cached) == (2, 0)
    assert summary.seconds == 6.0


def test_summary_counts_a_source_that_failed(tmp_path: Path) -> None:
    """A source that could not list its items is a failure like any other."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.event(1, "task.failed", "feed", "all", seconds=0.5, error="ConnectionLost")
    journal.attempt("feed", "all", "ConnectionLost", "no route", at=1)
    journal.end(2, "partial")
    summary = _summary(journal)
    assert summary.tasks.failed == 1
    assert summary.failures[0].error == "no route"
    assert summary.failures[0].kind == "ConnectionLost"


def test_summary_states_the_given_status(tmp_path: Path) -> None:
    """Whoever is about to end the run says how it ends."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    assert _summary(journal, status="done").status == "done"


def test_summary_of_an_unknown_run_names_the_close_one(tmp_path: Path) -> None:
    """A mistyped id is answered with the id that was meant."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    with pytest.raises(UserError, match="no run") as caught:
        _summary(journal, RUN.replace("ab12", "xx99"))
    assert f"did you mean {RUN}" in caught.value.hint
