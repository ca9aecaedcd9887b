"""What a journal says, as measures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from subak.engine.store import open_reader
from subak.views.metrics import read_metrics
from tests.views.sample import BASE, MODEL, URL, SampleJournal

Labels = tuple[str, ...]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[apsw.Connection]:
    """A journal of an earlier run, and of one that is at work."""
    journal = SampleJournal(tmp_path)
    journal.begin("20261121-060000-0001", at=-86_400)
    journal.task("facts", "germany", at=-86_399, seconds=2)
    journal.call("aa" * 32, "facts", "germany", at=-86_399, seconds=2)
    journal.end(-86_300)
    journal.begin()
    journal.event(0.1, "limiter.changed", name=URL, before=2, limit=4, reason="r")
    journal.task("fetch", "germany", "cached", at=0)
    journal.task("facts", "germany", at=1, seconds=4)
    journal.task("facts", "france", "failed", at=1, seconds=1)
    journal.call("bb" * 32, "facts", "germany", at=1, seconds=4, tokens=(300, 60, 100))
    journal.failed("cc" * 32, "facts", "france", "Overloaded", at=1)
    journal.event(2, "fact.proved", "facts", "germany", field="vat")
    journal.begun("facts", "italy", at=5)
    journal.sent("dd" * 32, "facts", "italy", at=5)
    journal.tally("map", 10, 2, 1, 0)
    journal.event(2, "deadline.set", until=BASE + 3_900, time="07:05", zone="UTC")
    reader = open_reader(journal.save())
    yield reader
    reader.close()


def _values(
    db: apsw.Connection, name: str, *, is_alive: bool = True
) -> dict[Labels, float]:
    (found,) = [one for one in read_metrics(db, is_alive=is_alive) if one.name == name]
    return {sample.labels: sample.value for sample in found.samples}


def test_counters_are_over_the_whole_journal(db: apsw.Connection) -> None:
    """Tasks, calls, tokens and facts of both runs."""
    assert _values(db, "subak_runs") == {
        ("intel", "done"): 1,
        ("intel", "running"): 1,
    }
    tasks = _values(db, "subak_tasks")
    assert tasks["facts", "done"] == 2
    assert tasks["map", "done"] == 10
    assert _values(db, "subak_calls") == {("facts", MODEL): 2}
    failed = _values(db, "subak_calls_failed")
    assert [(stage, error, n) for (stage, _, error), n in failed.items()] == [
        ("facts", "Overloaded", 1)
    ]
    tokens = _values(db, "subak_tokens")
    assert tokens == {("facts", MODEL, "input"): 500, ("facts", MODEL, "output"): 100}
    assert _values(db, "subak_prompt_cache_tokens") == {("facts", MODEL): 100}
    assert _values(db, "subak_facts") == {("proved",): 1, ("refused",): 0}


def test_durations_are_a_cumulative_histogram(db: apsw.Connection) -> None:
    """Two calls, of 2 and of 4 seconds."""
    measures = {one.name: one for one in read_metrics(db, is_alive=True)}
    (sample,) = measures["subak_call_duration_seconds"].samples
    counts = dict(sample.buckets)
    assert (counts[1.0], counts[2.5], counts[5.0], counts[math.inf]) == (0, 1, 2, 2)
    assert sample.value == 6.0
    (first,) = measures["subak_call_first_token_seconds"].samples
    assert dict(first.buckets)[math.inf] == 2
    assert first.value == 1.5


def test_gauges_are_of_the_newest_run(db: apsw.Connection) -> None:
    """What it did, when it began, by when it is to be done."""
    tasks = _values(db, "subak_run_tasks")
    assert tasks["intel", "facts", "done"] == 1
    assert tasks["intel", "facts", "failed"] == 1
    assert tasks["intel", "fetch", "cached"] == 1
    assert _values(db, "subak_run_start_timestamp_seconds") == {("intel",): BASE}
    assert _values(db, "subak_run_end_timestamp_seconds") == {}
    deadline = _values(db, "subak_run_deadline_timestamp_seconds")
    assert deadline == {("intel",): BASE + 3_900}
    success = _values(db, "subak_last_success_timestamp_seconds")
    assert success == {("intel",): BASE - 86_300}


def test_run_at_work_tells_what_is_in_flight(db: apsw.Connection) -> None:
    """Calls without an answer, their limit, tasks being done."""
    assert _values(db, "subak_calls_in_flight") == {(URL,): 1}
    assert _values(db, "subak_calls_limit") == {(URL,): 4}
    assert _values(db, "subak_tasks_running") == {(): 1}
    status = _values(db, "subak_run_status")
    assert status["intel", "running"] == 1
    assert sum(status.values()) == 1


def test_killed_run_is_interrupted_and_has_nothing_in_flight(
    db: apsw.Connection,
) -> None:
    """What a dead process left under way is not under way."""
    assert _values(db, "subak_calls_in_flight", is_alive=False) == {}
    assert _values(db, "subak_tasks_running", is_alive=False) == {(): 0}
    status = _values(db, "subak_run_status", is_alive=False)
    assert status["intel", "interrupted"] == 1


def test_metrics_of_an_empty_journal_are_no_error(tmp_path: Path) -> None:
    """A workspace whose first run has not begun."""
    path = SampleJournal(tmp_path).save()
    reader = open_reader(path)
    try:
        names = [one.name for one in read_metrics(reader, is_alive=False)]
    finally:
        reader.close()
    assert "subak_build_info" in names
    assert len(names) == len(set(names))
