"""Tasks: the tasks of a run, filtered, page by page."""

from __future__ import annotations

from subak.views.paged import last_if_beyond
from subak.views.runs import get_run
from subak.views.task_list import TaskFilter, list_tasks, task_stages
from subak.web.page import Asked, Page, Shown

STATES = ("running", "done", "cached", "failed", "skipped")


def read_tasks(asked: Asked) -> Shown:
    """Read a page of the tasks of a run, by default the newest."""
    run = get_run(asked.db, asked.query.get("run", ""))
    stages = task_stages(asked.db, run.id)
    stage, state = asked.query.get("stage", ""), asked.query.get("state", "")
    chosen = {
        "run": run.id,
        "stage": stage if stage in stages else "",
        "state": state if state in STATES else "",
        "q": asked.query.get("q", "").strip(),
    }
    wanted = TaskFilter(chosen["stage"], chosen["state"], chosen["q"])
    values = {
        "run": run,
        "is_running": asked.is_alive and run.ended is None,
        "tasks": last_if_beyond(
            lambda page: list_tasks(asked.db, run.id, wanted, page),
            asked.number("page"),
        ),
        "chosen": chosen,
        "stages": stages,
        "states": STATES,
    }
    return Shown("tasks.html.j2", values, title=f"Tasks of run {run.id}")


TASKS = Page("tasks", "tasks", "Tasks", read_tasks, place=60)
