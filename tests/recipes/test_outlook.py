"""Outlook: met, close, missed or unknown, and what to leave out."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.cli.outlook_words import outlook_lines
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.recipes.outlook import Cut, Outlook, find_outlook
from subak.recipes.schedule_section import ScheduleSection
from subak.schedule.deadline import Deadline
from tests.views.sample import BASE, SampleJournal

SECTION = ScheduleSection(at="06:00", timezone="UTC", deadline="07:00")
DEADLINE = Deadline(BASE + 3_600, "07:00", "UTC")


def _outlook(usual_s: float | None, longest_s: float | None, *cuts: float) -> Outlook:
    categories = tuple(Cut(f"c{n}", seconds) for n, seconds in enumerate(cuts))
    stages = (Cut("draft", 900.0, 'length = "short"'),)
    return Outlook(DEADLINE, BASE, usual_s, longest_s, 5, categories, stages)


@pytest.mark.parametrize(
    ("usual_s", "longest_s", "verdict", "said"),
    [
        (1800.0, 3600.0, "met", "will be met: a run takes 30 min as a rule"),
        (1800.0, 3601.0, "close", "may be missed"),
        (3601.0, 3700.0, "missed", "will be missed"),
        (None, None, "unknown", "not known yet"),
    ],
)
def test_outlook_judges_by_the_usual_and_the_longest_run(
    usual_s: float | None, longest_s: float | None, verdict: str, said: str
) -> None:
    """Both in time: met; only the usual one: close; none: missed."""
    outlook = _outlook(usual_s, longest_s, 100.0)
    assert outlook.verdict == verdict
    lines = outlook_lines(outlook)
    assert lines[0] == "until  07:00 UTC, 1 h after 06:00"
    assert said in lines[1]
    assert (len(lines) > 2) == (verdict in ("close", "missed"))


@pytest.mark.parametrize(
    ("longest_s", "cuts", "enough"),
    [
        (3600.0, (900.0, 800.0), []),  # nothing to cut
        (4000.0, (900.0, 800.0, 50.0), ["c0"]),
        (4500.0, (900.0, 800.0, 50.0), ["c0"]),  # exactly
        (4501.0, (900.0, 800.0, 50.0), ["c0", "c1"]),
        (9000.0, (900.0, 800.0, 50.0), []),  # all of them would not do
        (5340.0, (900.0, 800.0, 50.0), []),  # all of them is no run
        (4000.0, (), []),
    ],
)
def test_outlook_cuts_the_fewest_categories(
    longest_s: float, cuts: tuple[float, ...], enough: list[str]
) -> None:
    """The dearest go first; leaving out everything is no advice."""
    found = _outlook(longest_s, longest_s, *cuts).enough
    assert [cut.name for cut in found] == enough


def test_outlook_in_words_says_what_to_write() -> None:
    """What is cut, what each part takes, which key makes a stage cheaper."""
    shown = "\n".join(outlook_lines(_outlook(3_700.0, 4_000.0, 900.0, 300.0, 60.0)))
    assert "cut    without c0 (15 min) there is time enough" in shown
    assert "categories: c0 15 min, c1 5 min, c2 1 min" in shown
    assert 'draft takes less with length = "short"' in shown


def _find(folder: Path, section: ScheduleSection, planned_s: float | None) -> Outlook:
    db = open_reader(Workspace(folder).journal)
    try:
        found = find_outlook(section, db, "intel", BASE - 60, planned_s)
    finally:
        db.close()
    assert found is not None
    return found


def test_find_outlook_begins_at_the_next_scheduled_time(tmp_path: Path) -> None:
    """Not now: a run that is installed begins by itself."""
    journal = SampleJournal(tmp_path)
    journal.begin(at=-9000.0, ended=-7000.0, status="done")
    journal.task("facts", "a", labels={"category": "tax"})
    journal.call("ab" * 16, "facts", "a", at=-8000.0, seconds=10.0)
    journal.save()
    outlook = _find(tmp_path, SECTION, None)
    assert (outlook.begin, outlook.deadline.at) == (BASE, BASE + 3_600)
    assert (outlook.usual_s, outlook.runs, outlook.verdict) == (2_000.0, 1, "met")
    assert [(cut.name, cut.seconds) for cut in outlook.categories] == [("tax", 2_000.0)]
    assert outlook.stages[0].advice
    assert outlook.to_json()["verdict"] == "met"


def test_find_outlook_believes_a_plan_that_has_more_to_do(tmp_path: Path) -> None:
    """A changed prompt makes tomorrow longer than any day before."""
    journal = SampleJournal(tmp_path)
    journal.begin(at=-9000.0, ended=-7000.0, status="done")
    journal.save()
    assert _find(tmp_path, SECTION, 5_000.0).verdict == "missed"


def test_find_outlook_without_runs_goes_by_the_plan(tmp_path: Path) -> None:
    """Or says that nobody knows."""
    journal = SampleJournal(tmp_path)
    journal.begin(recipe="tax", at=-9000.0, ended=-7000.0, status="done")
    journal.save()
    assert _find(tmp_path, SECTION, None).verdict == "unknown"
    planned = _find(tmp_path, SECTION, 1_200.0)
    assert (planned.verdict, planned.runs) == ("met", 0)
    assert "20 min of model time" in outlook_lines(planned)[1]
