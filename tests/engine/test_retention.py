"""Retention: what may go of a journal's rows, on journals filled by hand."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import apsw

from subak.engine.retention import (
    Amount,
    find_old_rows,
    mark_cleaned,
    removal_order,
    remove_rest,
    remove_step,
)
from tests.views.sample import BASE, SampleJournal

DAY_S = 86_400.0


def _journal(folder: Path) -> SampleJournal:
    """Return three runs: a page left, one stays, one came."""
    journal = SampleJournal(folder)
    for number, items in enumerate((("left", "stays"), ("stays",), ("stays", "came"))):
        at = (number - 3) * 40 * DAY_S
        journal.begin(f"run-{number}", at=at)
        for item in items:
            journal.task("facts", item, at=at, parts={"input": f"{number}{item}"})
            journal.call(f"{number}0{len(item)}" + "a" * 20, "facts", item, at=at)
            journal.event(at, "fact.proved", "facts", item, field="vat")
        journal.attempt("facts", items[0], "TimedOut", "no answer", at=at)
        journal.end(at + 60)
    return journal


def _clean(path: Path, keep: Iterable[str]) -> dict[str, Amount]:
    """Remove what may go beside some runs."""
    connection = apsw.Connection(str(path))
    try:
        amounts = find_old_rows(connection, keep, (), BASE)
        mark_cleaned(connection, BASE)
        for table in removal_order():
            while remove_step(connection, table):
                pass
        remove_rest(connection)
    finally:
        connection.close()
    return amounts


def _column(path: Path, query: str) -> list[object]:
    connection = apsw.Connection(str(path))
    try:
        return [row[0] for row in connection.execute(query)]
    finally:
        connection.close()


def test_calls_about_what_is_gone_go(tmp_path: Path) -> None:
    """Those of the page that left; a page that stays keeps all its answers."""
    path = _journal(tmp_path).save()
    assert _clean(path, ["run-2"])["call"].rows == 1
    items = _column(path, "SELECT item FROM call ORDER BY item, key")
    assert items == ["came", "stays", "stays", "stays"]


def test_failures_and_events_of_old_runs_go(tmp_path: Path) -> None:
    """Only runs that stay whole keep them; the others say that they were cleaned."""
    path = _journal(tmp_path).save()
    _clean(path, ["run-2"])
    assert _column(path, "SELECT DISTINCT run FROM attempt") == ["run-2"]
    old = "SELECT DISTINCT kind FROM event WHERE run = 'run-1' ORDER BY kind"
    assert _column(path, old) == ["run.cleaned", "run.started"]


def test_task_before_the_newest_stays_for_why(tmp_path: Path) -> None:
    """Of each item of a kept run the task before it is kept, older ones are not."""
    path = _journal(tmp_path).save()
    _clean(path, ["run-2"])
    query = "SELECT run || ' ' || item FROM task ORDER BY rowid"
    assert _column(path, query) == ["run-1 stays", "run-2 stays", "run-2 came"]


def test_run_of_which_nothing_is_needed_goes_whole(tmp_path: Path) -> None:
    """No row of it is left anywhere."""
    journal = SampleJournal(tmp_path)
    journal.begin("old", at=-90 * DAY_S)
    journal.task("facts", "left", at=-90 * DAY_S)
    journal.call("ab" * 16, "facts", "left", at=-90 * DAY_S)
    journal.tally("map", 3, 0, 0, 0)
    journal.end(-90 * DAY_S + 9)
    journal.begin("new", at=0)
    journal.task("facts", "stays", at=0)
    journal.end(9)
    path = journal.save()
    _clean(path, ["new"])
    for table in ("scope", "owner", "tally", "event", "task_row", "call", "run"):
        rows = 1 if table in ("scope", "task_row", "run") else 0
        if table != "event":
            assert len(_column(path, f"SELECT 1 FROM {table}")) == rows, table
    assert _column(path, "SELECT DISTINCT run FROM event") == ["new"]


def test_maker_of_a_result_that_is_still_used_keeps_its_proof(tmp_path: Path) -> None:
    """A cached task counts with the facts of the run that did it."""
    journal = SampleJournal(tmp_path)
    for run, state in (("made", "done"), ("used", "cached")):
        at = -90 * DAY_S if run == "made" else 0.0
        journal.begin(run, at=at)
        journal.task("facts", "italy", state, at=at)  # type: ignore[arg-type]
        if run == "made":
            journal.event(at, "fact.proved", "facts", "italy", field="vat")
            journal.event(at, "note", message="noise")
        journal.end(at + 9)
    path = journal.save()
    _clean(path, ["used"])
    kinds = "SELECT kind FROM event WHERE run = 'made' ORDER BY kind"
    assert _column(path, kinds) == ["fact.proved", "run.cleaned", "run.started"]
    assert _column(path, "SELECT id FROM run ORDER BY rowid") == ["made", "used"]
