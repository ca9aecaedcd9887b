"""Course: how a run went on: timeline, calls at once, tokens, what was allowed."""

from __future__ import annotations

from subak.views.report import read_report
from subak.views.runs import get_run
from subak.web.page import Asked, Page, Shown


def read_course(asked: Asked) -> Shown:
    """Read the parts of the report that go over time."""
    run = get_run(asked.db, asked.path["run"])
    is_running = asked.is_alive and run.ended is None
    report = read_report(asked.db, run.id, now=asked.now, is_alive=is_running)
    values = {"report": report, "run": run, "is_running": is_running}
    return Shown("course.html.j2", values, title=f"How run {run.id} went on")


COURSE = Page("course", "runs/{run}/course", "Course", read_course, under="runs")
