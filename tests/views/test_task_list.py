"""The tasks of a run page by page."""

from __future__ import annotations

from pathlib import Path

from subak.engine.store import open_reader
from subak.views.task_list import TaskFilter, TaskRow, list_tasks
from tests.views.sample import RUN, SampleJournal


def _journal(folder: Path) -> Path:
    journal = SampleJournal(folder)
    journal.begin()
    for number in range(7):
        journal.task("fetch", f"page-{number}", at=number)
    journal.task("facts", "page-1", "failed", at=8.0)
    journal.attempt(
        "facts", "page-1", "TimedOut", "no answer", at=8.5, hint="subak doctor"
    )
    journal.event(9.0, "task.failed", "listing", "news", seconds=1.0)
    journal.begun("facts", "page-2", at=9.0)
    return journal.save()


def _rows(path: Path, wanted: TaskFilter, size: int = 50) -> list[TaskRow]:
    db = open_reader(path)
    try:
        first = list_tasks(db, RUN, wanted, 1, size)
        pages = [
            list_tasks(db, RUN, wanted, n, size) for n in range(1, first.pages + 1)
        ]
    finally:
        db.close()
    rows = [row for page in pages for row in page.rows]
    assert len(rows) == first.total
    return rows


def test_list_tasks_gives_each_task_once(tmp_path: Path) -> None:
    """Whatever the size of a page, all pages together hold every task once."""
    path = _journal(tmp_path)
    for size in (1, 3, 50):
        rows = _rows(path, TaskFilter(), size)
        places = [(row.stage, row.item) for row in rows]
        assert len(places) == len(set(places)) == 10


def test_list_tasks_tells_what_failed_and_why(tmp_path: Path) -> None:
    """A failed task has its reason, a source that handed nothing out is among them."""
    rows = _rows(_journal(tmp_path), TaskFilter(state="failed"))
    assert [(row.stage, row.item) for row in rows] == [
        ("listing", "news"),
        ("facts", "page-1"),
    ]
    assert (rows[1].error, rows[1].message, rows[1].hint) == (
        *("TimedOut", "no answer"),
        "subak doctor",
    )


def test_list_tasks_filters_by_stage_state_and_name(tmp_path: Path) -> None:
    """Filters hold together; a name is found whatever its case."""
    path = _journal(tmp_path)
    assert len(_rows(path, TaskFilter(stage="fetch", text="PAGE-3"))) == 1
    assert [row.item for row in _rows(path, TaskFilter(state="running"))] == ["page-2"]
    assert _rows(path, TaskFilter(stage="fetch", state="failed")) == []
