"""Task: one task: why it was done, its attempts, its calls, what it made."""

from __future__ import annotations

import apsw

from subak.errors import UserError
from subak.views.task_story import TaskStory, read_task_story
from subak.views.why import Reason, explain
from subak.web.page import Asked, Page, Shown

_MOST_CHARS = 20_000
_MOST_MADE = 20


def read_task(asked: Asked) -> Shown:
    """Read a task; with ``why`` in the query also the reasons, which take longer."""
    story = read_task_story(
        asked.db,
        asked.path["run"],
        asked.query.get("stage", ""),
        asked.query.get("item", ""),
    )
    wants_why = bool(asked.query.get("why"))
    values = {
        "story": story,
        "task": story.task,
        "run": story.run,
        "is_running": asked.is_alive and story.run.ended is None,
        "wants_why": wants_why,
        "reason": _reason(asked.db, story) if wants_why else None,
        "made": [(one, one.text[:_MOST_CHARS]) for one in story.made[:_MOST_MADE]],
    }
    return Shown("task.html.j2", values, title=f"{story.task.stage}: {story.task.item}")


def _reason(db: apsw.Connection, story: TaskStory) -> Reason | None:
    """Return why it was done or not, None where nothing tells."""
    try:
        found = explain(db, story.task.item, run=story.run.id)
    except UserError:
        return None
    mine = (story.task.stage, story.task.item)
    return next((one for one in found.reasons if (one.stage, one.item) == mine), None)


TASK = Page("task", "runs/{run}/task", "Task", read_task, under="tasks")
