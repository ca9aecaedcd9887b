"""TaskRow: the tasks of a run page by page, those that failed with their reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import apsw

from subak.views.paged import PAGE_SIZE, Paged
from subak.views.summary import find_failures
from subak.views.tasks import Task, read_attempts, read_failed_sources, stage_order

_WHERE = """WHERE (:stage = '' OR stage = :stage) AND (:state = '' OR state = :state)
    AND (:text = '' OR instr(lower(item), lower(:text)) > 0)"""
_FROM = f"""FROM (
    SELECT stage, item, state, key, started, seconds, attempts FROM task
        WHERE run = :run
    UNION ALL SELECT stage, item, 'running', '', started, 0.0, 0 FROM begun
        WHERE run = :run)
{_WHERE}"""
_ROWS = f"""SELECT stage, item, state, key, started, seconds, attempts {_FROM}
ORDER BY started DESC, stage, item LIMIT :size OFFSET :skipped"""
_COUNT = f"SELECT count(*) {_FROM}"


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks to list.

    Args:
        text: Stands in the item's name; case does not matter.
    """

    stage: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task.

    Args:
        error: Class of what it failed with, "" when it did not.
        hint: What to do about that.
    """

    stage: str
    item: str
    state: str
    key: str = ""
    started: float = 0.0
    seconds: float = 0.0
    attempts: int = 0
    error: str = ""
    message: str = ""
    hint: str = ""

    def to_json(self) -> dict[str, object]:
        """Return the row with the names of the outer contract."""
        return asdict(self)


def list_tasks(
    db: apsw.Connection,
    run: str,
    wanted: TaskFilter,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Paged[TaskRow]:
    """Return a page of a run's tasks, those that began last first.

    Sources that could not hand anything out have no rows; they come before all others.
    """
    values: dict[str, str | int] = {"run": run, **asdict(wanted)}
    lost = _lost_sources(db, run, wanted)
    total = int(db.execute(_COUNT, values).get) + len(lost)
    start = (page - 1) * size
    rows = lost[start : start + size]
    values |= {"size": size - len(rows), "skipped": max(0, start - len(lost))}
    rows += [TaskRow(*row) for row in db.execute(_ROWS, values)]
    return Paged(tuple(_explained(db, run, row) for row in rows), total, page, size)


def task_stages(db: apsw.Connection, run: str) -> tuple[str, ...]:
    """Return the stages of a run, in the order in which they began."""
    return tuple(stage_order(db, run))


def _lost_sources(db: apsw.Connection, run: str, wanted: TaskFilter) -> list[TaskRow]:
    if wanted.state not in ("", "failed"):
        return []
    return [
        TaskRow(task.stage, task.item, task.state, "", task.started, task.seconds, 1)
        for task in read_failed_sources(db, run)
        if wanted.stage in ("", task.stage) and wanted.text.lower() in task.item.lower()
    ]


def _explained(db: apsw.Connection, run: str, row: TaskRow) -> TaskRow:
    if row.state != "failed":
        return row
    attempts = read_attempts(db, run, stage=row.stage, item=row.item)
    (failure,) = find_failures([Task(row.stage, row.item, row.state)], attempts)
    return replace(row, error=failure.kind, message=failure.error, hint=failure.hint)
