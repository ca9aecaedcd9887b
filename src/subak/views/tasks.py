"""Tasks of a run as they stand, and the attempts that failed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import apsw

from subak.views.stored_events import iter_events
from subak.views.wording import number_of

_TALLIED = "SELECT stage FROM tally WHERE run = ?"


@dataclass(frozen=True, slots=True)
class Task:
    """One stage on one item, as the run left it.

    Args:
        state: "done", "cached", "failed", "skipped", or "running" while it is.
        parts: What its key was made of, by name.
    """

    stage: str
    item: str
    state: str
    key: str = ""
    started: float = 0.0
    seconds: float = 0.0
    attempts: int = 0
    parts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def ended(self) -> float:
        """Return when it ended."""
        return self.started + self.seconds


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """One attempt that went wrong."""

    ts: float
    stage: str
    item: str
    key: str
    kind: str
    number: int
    error: str
    message: str
    where: str
    hint: str
    is_retryable: bool
    detail: str

    def to_json(self) -> dict[str, object]:
        """Return the attempt with the names of the outer contract."""
        return {
            "ts": self.ts,
            "stage": self.stage,
            "item": self.item,
            "key": self.key,
            "kind": self.kind,
            "number": self.number,
            "error": self.error,
            "message": self.message,
            "where": self.where,
            "hint": self.hint,
            "retryable": bool(self.is_retryable),
            "detail": self.detail,
        }


def read_tasks(db: apsw.Connection, run: str) -> list[Task]:
    """Return one task for each stage and item of the run, in order of starting.

    Of an item that was done again under another key the newest row counts. What this
    run did itself stays "done" when the run was resumed and found it in the journal.
    A source that could not hand out an item counts as a failed task of that name.
    """
    found: dict[tuple[str, str], Task] = {}
    rows = db.execute(
        "SELECT stage, item, state, key, started, seconds, attempts, parts, labels"
        " FROM task WHERE run = ? ORDER BY started, rowid",
        (run,),
    )
    for stage, item, state, key, started, seconds, attempts, parts, labels in rows:
        found[stage, item] = Task(
            stage,
            item,
            state,
            key,
            started,
            seconds,
            attempts,
            json.loads(parts),
            json.loads(labels),
        )
    for task in _failed_sources(db, run):
        found.setdefault((task.stage, task.item), task)
    made = _done_here(db, run)
    return [
        replace(task, state="done")
        if task.state == "cached" and (task.stage, task.item) in made
        else task
        for task in found.values()
    ]


def read_running(db: apsw.Connection, run: str) -> list[Task]:
    """Return the tasks that have begun since the run was last taken up, unfinished."""
    kinds = (
        "run.resumed",
        "task.started",
        "task.done",
        "task.cached",
        "task.failed",
        "task.skipped",
    )
    found: dict[tuple[str, str], Task] = {}
    for stored in iter_events(db, run, kinds=kinds):
        event = stored.event
        if event.kind == "run.resumed":
            found.clear()
        elif event.kind == "task.started":
            task = Task(event.stage, event.item, "running", started=event.ts)
            found[event.stage, event.item] = task
        else:
            found.pop((event.stage, event.item), None)
    return list(found.values())


def read_attempts(
    db: apsw.Connection, run: str, *, stage: str = "", item: str = "", key: str = ""
) -> list[FailedAttempt]:
    """Return the failed attempts of a run, oldest first."""
    rows = db.execute(
        "SELECT ts, stage, item, key, kind, number, error, message, place, hint,"
        " retryable, detail FROM attempt"
        " WHERE run = ?1 AND (?2 = '' OR stage = ?2) AND (?3 = '' OR item = ?3)"
        " AND (?4 = '' OR key = ?4) ORDER BY id",
        (run, stage, item, key),
    )
    return [FailedAttempt(*row) for row in rows]


def stage_order(db: apsw.Connection, run: str) -> list[str]:
    """Return the stages of a run in the order in which they first began."""
    rows = db.execute(
        "SELECT stage FROM (SELECT stage, min(id) AS first FROM event WHERE run = ?1"
        " AND kind LIKE 'task.%' AND stage != '' GROUP BY stage ORDER BY first)",
        (run,),
    )
    order = [row[0] for row in rows]
    known = db.execute(
        "SELECT stage FROM task WHERE run = ? GROUP BY stage ORDER BY min(started)",
        (run,),
    )
    return order + [row[0] for row in known if row[0] not in order]


def _done_here(db: apsw.Connection, run: str) -> set[tuple[str, str]]:
    rows = db.execute(
        "SELECT DISTINCT stage, item FROM event WHERE run = ? AND kind = 'task.done'",
        (run,),
    )
    return {(row[0], row[1]) for row in rows}


def _failed_sources(db: apsw.Connection, run: str) -> list[Task]:
    """Return failures without a row of their own since the run was last taken up.

    Those of a stage that only counts its tasks are in its tally.
    """
    tallied = {name for (name,) in db.execute(_TALLIED, (run,))}
    kinds = ("run.started", "run.resumed", "task.failed")
    found: list[Task] = []
    for stored in iter_events(db, run, kinds=kinds):
        event = stored.event
        if event.kind != "task.failed":
            found.clear()
            continue
        if event.stage in tallied:
            continue
        seconds = number_of(event.data.get("seconds"))
        began = event.ts - seconds
        task = Task(event.stage, event.item, "failed", "", began, seconds, attempts=1)
        found.append(task)
    return found
