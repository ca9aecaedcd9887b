"""A run's deadline as the journal tells it, and whether it will be met."""

from __future__ import annotations

from pathlib import Path

from subak.cli.ending import deadline_lines
from subak.cli.status import status_lines
from subak.cli.style import Style
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.views.deadline import RunDeadline
from subak.views.status import Status, read_status
from tests.views.sample import BASE, SampleJournal


def _status(folder: Path, run: str = "") -> Status:
    db = open_reader(Workspace(folder).journal)
    try:
        return read_status(db, run, is_alive=True)
    finally:
        db.close()


def _set(journal: SampleJournal, at: float) -> None:
    journal.event(
        1.0, "deadline.set", until=BASE + at, time="07:05", zone="Asia/Makassar"
    )


def _last_run(journal: SampleJournal) -> None:
    """Add a whole run of ten tasks, by which the next one is judged."""
    journal.begin("before", at=-5000.0, ended=-4000.0, status="done")
    for number in range(10):
        journal.task("facts", f"page-{number}", at=-4900.0)


def test_run_without_a_deadline_tells_none(tmp_path: Path) -> None:
    """Its object has no such key."""
    journal = SampleJournal(tmp_path)
    journal.begin(ended=5.0, status="done")
    journal.save()
    status = _status(tmp_path)
    assert (status.prospect, status.summary.deadline) == (None, None)
    assert "deadline" not in status.to_json()
    assert "deadline" not in status.summary.to_json()


def test_deadline_of_a_run_at_work_is_judged_by_its_pace(tmp_path: Path) -> None:
    """Five of ten tasks took 100 s, so the others end about 100 s later."""
    journal = SampleJournal(tmp_path)
    _last_run(journal)
    journal.begin("now")
    _set(journal, 180.0)
    for number in range(5):
        journal.task("facts", f"page-{number}", at=20.0 * number, seconds=20.0)
    journal.save()
    prospect = _status(tmp_path, "now").prospect
    assert prospect is not None
    assert prospect.end == BASE + 200.0
    assert prospect.is_met is False
    (line,) = (
        line
        for line in status_lines(_status(tmp_path, "now"), Style(is_on=False))
        if line.startswith("until")
    )
    assert "07:05 Asia/Makassar: will be missed, done about" in line
    told = _status(tmp_path, "now").to_json()["deadline"]
    assert isinstance(told, dict)
    assert (told["met"], told["time"], told["passed"]) == (False, "07:05", False)


def test_deadline_nobody_can_judge_yet(tmp_path: Path) -> None:
    """Before anything was worked on, and without an earlier run, it is open."""
    journal = SampleJournal(tmp_path)
    journal.begin("now")
    _set(journal, 180.0)
    journal.save()
    prospect = _status(tmp_path).prospect
    assert prospect is not None
    assert (prospect.end, prospect.is_met) == (None, None)


def test_deadline_of_a_run_that_is_over(tmp_path: Path) -> None:
    """Met is what ended in time and left nothing."""
    journal = SampleJournal(tmp_path)
    journal.begin("good", at=0.0, ended=50.0, status="done")
    _set(journal, 60.0)
    journal.begin("late", at=100.0, ended=200.0, status="partial")
    _set(journal, 150.0)
    journal.event(150.0, "deadline.passed", begun=3)
    for name in ("visa", "land", "visa"):
        journal.event(151.0, "deadline.left", item=name, first="facts")
    journal.save()
    good, late = (_status(tmp_path, run).prospect for run in ("good", "late"))
    assert good is not None
    assert late is not None
    assert (good.is_met, late.is_met) == (True, False)
    assert late.deadline.left == ("visa", "land")
    assert late.deadline.is_passed
    lines = status_lines(_status(tmp_path, "late"), Style(is_on=False))
    assert "until   07:05 Asia/Makassar: missed" in lines
    assert "left    visa, land" in lines


def test_resumed_run_has_the_deadline_it_was_resumed_with(tmp_path: Path) -> None:
    """What an earlier session left counts no more."""
    journal = SampleJournal(tmp_path)
    journal.begin("now", ended=90.0, status="done")
    _set(journal, 10.0)
    journal.event(11.0, "deadline.left", item="visa")
    journal.event(20.0, "deadline.set", until=BASE + 100, time="08:00", zone="UTC")
    journal.save()
    assert _status(tmp_path).summary.deadline == RunDeadline(BASE + 100, "08:00", "UTC")


def test_deadline_lines_name_what_is_left() -> None:
    """Some by name, of many how many more, and what to type."""
    assert deadline_lines(None) == []
    assert deadline_lines(RunDeadline(0.0, "07:05", "UTC")) == []
    many = tuple(f"category-{number}" for number in range(14))
    left, following = deadline_lines(RunDeadline(0.0, "07:05", "UTC", True, many))
    assert "not begun by 07:05: category-0," in left
    assert left.endswith("and 4 more")
    assert "same command" in following
