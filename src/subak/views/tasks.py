"""Tasks of a run as they stand, and the attempts that failed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import apsw

from subak.views.stored_events import iter_events
from subak.views.wording import number_of

_TALLIED = "SELECT stage FROM tally WHERE run = ?"
# By its item a row is found at once; the pluses keep the planner from other ways.
_HAS_ROW = (
    "SELECT exists(SELECT 1 FROM task WHERE +run = ? AND +stage = ? AND item = ?)"
)
_NOTHING: Mapping[str, str] = MappingProxyType({})


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


def read_tasks(db: apsw.Connection, run: str, *, with_parts: bool = True) -> list[Task]:
    """Return one task for each stage and item of the run, in order of starting.

    Of an item that was done again under another key the newest row counts. What this
    run did itself stays "done" when the run was resumed and found it in the journal.
    A source that could not hand out an item counts as a failed task of that name.

    Args:
        with_parts: Tell what keys were made of, and labels; half of a task's memory.
    """
    found: dict[tuple[str, str], Task] = {}
    made: set[tuple[str, str]] = set()
    facts = "parts, labels" if with_parts else "'{}', '{}'"
    rows = db.execute(
        f"SELECT stage, item, state, key, started, seconds, attempts,"
        f" {facts}"
        " FROM task WHERE run = ? ORDER BY started, rowid",
        (run,),
    )
    for stage, item, state, key, started, seconds, attempts, *told in rows:
        place = (sys.intern(stage), item)
        if place in found and found[place].state == "done":
            made.add(place)
        is_made = state == "cached" and place in made
        found[place] = Task(
            *place,
            "done" if is_made else sys.intern(state),
            key,
            started,
            seconds,
            attempts,
            parts=json.loads(told[0]) if with_parts else _NOTHING,
            labels=json.loads(told[1]) if with_parts else _NOTHING,
        )
    for task in read_failed_sources(db, run):
        found[task.stage, task.item] = task
    return list(found.values())


def read_running(db: apsw.Connection, run: str) -> list[Task]:
    """Return the tasks that have begun since the run was last taken up, unfinished."""
    rows = db.execute(
        "SELECT stage, item, started FROM begun WHERE run = ? ORDER BY started, id",
        (run,),
    )
    found = {
        (stage, item): Task(stage, item, "running", started=started)
        for stage, item, started in rows
    }
    return list(found.values())


def read_attempts(
    db: apsw.Connection, run: str, *, stage: str = "", item: str = "", key: str = ""
) -> list[FailedAttempt]:
    """Return the failed attempts of a run, oldest first."""
    return list(iter_attempts(db, run, stage=stage, item=item, key=key))


def iter_attempts(
    db: apsw.Connection, run: str, *, stage: str = "", item: str = "", key: str = ""
) -> Iterator[FailedAttempt]:
    """Yield the failed attempts of a run, oldest first."""
    rows = db.execute(
        "SELECT ts, stage, item, key, kind, number, error, message, place, hint,"
        " retryable, detail FROM attempt"
        " WHERE run = ?1 AND (?2 = '' OR stage = ?2) AND (?3 = '' OR item = ?3)"
        " AND (?4 = '' OR key = ?4) ORDER BY id",
        (run, stage, item, key),
    )
    for row in rows:
        yield FailedAttempt(*row)


def stage_order(db: apsw.Connection, run: str) -> list[str]:
    """Return the stages of a run in the order in which they first began."""
    rows = db.execute(
        "SELECT stage FROM (SELECT stage, started AS ts FROM task WHERE run = ?1"
        " UNION ALL SELECT stage, started FROM begun WHERE run = ?1"
        " UNION ALL SELECT stage, ts FROM event WHERE run = ?1 AND stage != ''"
        " AND kind IN ('task.failed', 'task.retried'))"
        " GROUP BY stage ORDER BY min(ts)",
        (run,),
    )
    return [row[0] for row in rows]


def read_failed_sources(db: apsw.Connection, run: str) -> list[Task]:
    """Return failures without a row of their own since the run was last taken up.

    Those of a stage that only counts its tasks are in its tally.
    """
    tallied = {name for (name,) in db.execute(_TALLIED, (run,))}
    kinds = ("run.started", "run.resumed", "task.failed")
    found: dict[tuple[str, str], Task] = {}
    for stored in iter_events(db, run, kinds=kinds):
        event = stored.event
        if event.kind != "task.failed":
            found.clear()
            continue
        place = (event.stage, event.item)
        if event.stage in tallied or db.execute(_HAS_ROW, (run, *place)).get:
            continue
        seconds = number_of(event.data.get("seconds"))
        began = event.ts - seconds
        task = Task(*place, "failed", "", began, seconds, attempts=1)
        found.setdefault(place, task)
    return list(found.values())
