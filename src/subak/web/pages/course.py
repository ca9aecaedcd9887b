"""Course: how a run went on: timeline, calls at once, tokens, what was allowed."""

from __future__ import annotations

from subak.views.course import read_course
from subak.views.runs import get_run
from subak.web.page import Asked, Page, Shown


def read_course_page(asked: Asked) -> Shown:
    """Read the parts of the report that go over time."""
    run = get_run(asked.db, asked.path["run"])
    is_running = asked.is_alive and run.ended is None
    found = read_course(asked.db, run.id, is_alive=is_running)
    values = {"course": found, "run": run, "is_running": is_running}
    return Shown("course.html.j2", values, title=f"How run {run.id} went on")


COURSE = Page("course", "runs/{run}/course", "Course", read_course_page, under="runs")
