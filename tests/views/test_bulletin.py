"""The bulletin's words, on journals filled by hand; see also the night of trouble."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.engine.store import open_reader
from subak.views.brief import brief, plain
from subak.views.bulletin import Bulletin, read_bulletin
from subak.views.recorded_run import read_recorded_run
from subak.views.status import Status, read_status
from tests.views.morning import write_morning
from tests.views.sample import SampleJournal, write_synthetic_run


def _read(journal: SampleJournal) -> tuple[Status, Bulletin]:
    database = open_reader(journal.save())
    try:
        status = read_status(database, is_alive=False)
        return status, read_bulletin(database, status, read_recorded_run(database))
    finally:
        database.close()


def _ended(folder: Path, status: str = "done") -> SampleJournal:
    journal = SampleJournal(folder)
    journal.begin()
    journal.task("verify", "tax", at=1, labels={"category": "tax"})
    journal.end(3, status)
    return journal


def test_good_morning_is_said_in_one_sentence(tmp_path: Path) -> None:
    """Nothing to do: the verdict says so, and nobody is needed."""
    _, bulletin = _read(_ended(tmp_path))
    assert bulletin.verdict == "Everything is fresh. Nothing needs you."
    assert bulletin.fresh == ("tax: article written.",)
    assert not bulletin.needs_person


def test_category_without_article_tells_when_the_last_one_was(tmp_path: Path) -> None:
    """It stands among what is old, with its time."""
    journal = SampleJournal(tmp_path)
    journal.begin("first", at=-86_400)
    journal.task("verify", "tax", at=-86_400, labels={"category": "tax"})
    journal.end(-86_300)
    journal.begin()
    journal.task("verify", "tax", "failed", at=1, labels={"category": "tax"})
    journal.attempt("verify", "tax", "TimedOut", "too slow", at=1)
    journal.end(3, "partial")
    _, bulletin = _read(journal)
    (need,) = bulletin.needs
    assert need.meanwhile.startswith("The last one is of 20")
    assert need.command == "subak run intel"
    assert bulletin.old[0].since


def test_sites_are_told_one_by_one_with_what_stands(tmp_path: Path) -> None:
    """Dead for good, dead since yesterday, forbidden: each with its own sentence."""
    _, bulletin = _read(write_morning(tmp_path))
    told = {need.what: need.meanwhile for need in bulletin.needs}
    dead = next(what for what in told if "dead.example" in what)
    assert "and its list of pages of the source “dead”" in dead
    assert told[dead].startswith("What was read there until 20")
    assert any("quiet.example" in what for what in told)


def test_alike_failures_are_one_need(tmp_path: Path) -> None:
    """Dozens of pages that time out are one thing to look at, not dozens."""
    _, bulletin = _read(write_synthetic_run(tmp_path, items=300))
    (failed, refused) = bulletin.needs
    assert "items failed at the step “fetch”" in failed.what
    assert " and 3 more." in failed.what or " more." in failed.what
    assert refused.can_wait


def test_stopped_run_is_no_trouble_but_a_broken_one_is(tmp_path: Path) -> None:
    """Ctrl-C is somebody's will; an error that ended the run is told with its hint."""
    stopped = _ended(tmp_path / "stopped", "interrupted")
    _, bulletin = _read(stopped)
    assert [need.can_wait for need in bulletin.needs] == [True]
    broken = SampleJournal(tmp_path / "broken")
    broken.begin()
    data = {"error": "Unreachable", "message": "nobody answers", "hint": "start it"}
    broken.event(2, "run.broken", **data)
    broken.end(3, "interrupted")
    _, bulletin = _read(broken)
    (need,) = bulletin.needs
    assert (need.why, need.todo, need.can_wait) == ("nobody answers", "start it", False)


def test_spared_machine_and_late_answers_are_told_as_mended(tmp_path: Path) -> None:
    """Heat and a busy server: what happened, when, and that nothing was lost."""
    journal = _ended(tmp_path)
    journal.event(1, "machine.eased", most=4, words="8 -> 4: 91 °C, above 85")
    journal.failed("ab" * 32, "facts", "italy", "Overloaded", at=1)
    _, bulletin = _read(journal)
    busy, eased = bulletin.mended
    assert "was too busy" in busy
    assert eased.endswith("8 -> 4: 91 °C, above 85.")


def test_work_left_at_the_deadline_is_named(tmp_path: Path) -> None:
    """The categories, and that the next run goes on there."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.event(0, "deadline.set", time="07:05", zone="Asia/Makassar")
    journal.event(1, "deadline.left", item="visa")
    journal.end(3, "partial")
    _, bulletin = _read(journal)
    assert (
        bulletin.needs[0].what
        == "At the deadline 07:05 there was still work left: visa."
    )


@pytest.mark.parametrize(
    "evil", ["[click](http://x)", "<b>x</b>", "`rm -rf`", "a | b", "*x*", "@everyone"]
)
def test_foreign_words_are_no_markup(evil: str) -> None:
    """Nothing a page says becomes a link, a mention or HTML."""
    shown = plain(f"{evil}\n\x1b[31m\u202e")
    assert "\n" not in shown
    assert "\x1b" not in shown
    assert evil not in shown


def test_brief_names_files_and_the_way_to_more(tmp_path: Path) -> None:
    """Its last lines: numbers, files, the command for the whole report."""
    status, bulletin = _read(write_synthetic_run(tmp_path))
    lines = brief(status, bulletin).splitlines()
    assert lines[-1].endswith("the whole report: `subak report --open`")
    assert any("out/facts.json" in line for line in lines)
