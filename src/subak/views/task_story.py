"""TaskStory: one task of a run: its attempts, its calls, what it made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import apsw

from subak.engine.memo import Output, unpack
from subak.engine.result_reader import ResultReader
from subak.errors import Terminal, UserError
from subak.views.call_list import CallRow, list_calls
from subak.views.paged import Paged
from subak.views.runs import Run, get_run
from subak.views.tasks import FailedAttempt, Task, read_attempts, read_failed_sources

_TASK = (
    "SELECT stage, item, state, key, started, seconds, attempts, parts, labels"
    " FROM task WHERE run = ? AND stage = ? AND item = ?"
    " ORDER BY started DESC, rowid DESC LIMIT 1"
)
_BEGUN = "SELECT started FROM begun WHERE run = ? AND stage = ? AND item = ?"
_STAGES = "SELECT DISTINCT stage FROM task WHERE run = ? AND item = ?"
_MOST_CALLS = 50


@dataclass(frozen=True, slots=True)
class Made:
    """One result of a task.

    Args:
        item: The item it is called, "" when as the task's.
        value: As JSON holds it.
        document: Id of the document it is or speaks of, "" when of none.
    """

    item: str
    value: object
    document: str

    @property
    def text(self) -> str:
        """Return the value as indented JSON."""
        return json.dumps(self.value, ensure_ascii=False, indent=2)


@dataclass(frozen=True, slots=True)
class TaskStory:
    """A task.

    Args:
        stages: Other stages of the run that had the same item.
        made: What it gave, also what was taken from the journal.
        is_damaged: Its result was kept and cannot be read.
    """

    run: Run
    task: Task
    attempts: tuple[FailedAttempt, ...]
    calls: Paged[CallRow]
    stages: tuple[str, ...]
    made: tuple[Made, ...]
    is_damaged: bool = False

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        task = self.task
        return {
            "version": 1,
            "run": self.run.id,
            "stage": task.stage,
            "item": task.item,
            "state": task.state,
            "started": task.started,
            "seconds": task.seconds,
            "attempts": task.attempts,
            "parts": dict(task.parts),
            "labels": dict(task.labels),
            "failures": [one.to_json() for one in self.attempts],
            "calls": [one.to_json() for one in self.calls.rows],
            "made": [one.value for one in self.made],
        }


def read_task_story(db: apsw.Connection, run: str, stage: str, item: str) -> TaskStory:
    """Return a task of a run.

    Raises:
        UserError: There is no such run or task.
    """
    record = get_run(db, run)
    task = _find(db, record.id, stage, item)
    if task is None:
        raise UserError(
            f"run {record.id} has no task {stage}/{item}",
            hint=f"`subak trace {record.id}` lists its tasks",
        )
    found = ResultReader(db).find(task.key) if task.key else None
    others = [name for (name,) in db.execute(_STAGES, (record.id, item))]
    return TaskStory(
        run=record,
        task=task,
        attempts=tuple(
            one
            for one in read_attempts(db, record.id, stage=stage, item=item)
            if one.kind != "call"
        ),
        calls=list_calls(db, record.id, place=(stage, item), size=_MOST_CALLS),
        stages=tuple(name for name in others if name != stage),
        made=tuple(_made(found.value.payload)) if found and found.value else (),
        is_damaged=found is not None and found.is_damaged,
    )


def _find(db: apsw.Connection, run: str, stage: str, item: str) -> Task | None:
    begun = db.execute(_BEGUN, (run, stage, item)).get
    if begun is not None:
        return Task(stage, item, "running", started=float(begun))
    row = db.execute(_TASK, (run, stage, item)).fetchone()
    if row is not None:
        *figures, parts, labels = row
        task = Task(*figures)
        return replace(task, parts=json.loads(parts), labels=json.loads(labels))
    lost = read_failed_sources(db, run)
    return next((one for one in lost if (one.stage, one.item) == (stage, item)), None)


def _made(payload: bytes) -> Iterator[Made]:
    try:
        outputs = unpack(payload)
    except Terminal:
        return
    for output in outputs:
        yield _read(output)


def _read(output: Output) -> Made:
    try:
        value: object = json.loads(output.data)
    except ValueError:
        value = output.data.decode("utf-8", "replace")
    return Made(output.id or "", value, _document(value))


def _document(value: object) -> str:
    if not isinstance(value, Mapping):
        return ""
    is_document = "text" in value and "url" in value and "tier" in value
    found = value.get("id") if is_document else value.get("document")
    return found if isinstance(found, str) else ""
