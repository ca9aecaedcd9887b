"""Course: the same as in the report, at a fraction of its price."""

from __future__ import annotations

import time
from pathlib import Path

from subak.engine.store import open_reader
from subak.views.course import read_course
from subak.views.report import read_report
from tests.views.sample import SampleJournal, write_synthetic_run


def test_course_shows_what_the_report_shows(tmp_path: Path) -> None:
    """Timeline, charts, limits and models are equal; so is the mean of its words."""
    write_synthetic_run(tmp_path, items=40, calls_per_item=3)
    db = open_reader(tmp_path / ".subak" / "journal.db")
    course, report = read_course(db), read_report(db, now=0.0)
    db.close()
    assert course.timeline == report.timeline
    assert course.charts == report.charts
    assert course.limits == report.limits
    assert course.models == report.models
    parallel = report.status.summary.parallel
    words = f"{parallel.mean:.1f} on average, {parallel.peak} at most"
    assert course.charts[0].words == words


def test_course_of_a_run_without_work_is_empty(tmp_path: Path) -> None:
    """No calls, no charts; nothing done, no timeline."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("facts", "italy", "cached", at=1)
    journal.end(3)
    db = open_reader(journal.save())
    course = read_course(db)
    db.close()
    assert (course.timeline, course.charts, course.limits) == (None, (), ())


def test_course_costs_a_fraction_of_the_report(tmp_path: Path) -> None:
    """Of many calls it reads only when they were under way."""
    write_synthetic_run(tmp_path, items=300, calls_per_item=12)
    db = open_reader(tmp_path / ".subak" / "journal.db")
    whole, course = [], []
    for _ in range(3):
        began = time.process_time()
        read_report(db, now=0.0)
        middle = time.process_time()
        read_course(db)
        whole.append(middle - began)
        course.append(time.process_time() - middle)
    db.close()
    assert min(course) < min(whole) / 2
