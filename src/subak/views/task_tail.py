"""TaskTail: what the rows of tasks say about how a run went on."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import merge

import apsw

from subak.engine.events import Event, Scalar

TOLD_OF_TASKS = frozenset({"task.started", "task.done", "task.cached", "task.skipped"})
"""Kinds of events that rows tell; those of failures are kept, with their reasons."""

_NEWEST = "SELECT coalesce(max(rowid), ?) FROM task WHERE run = ?"
_BEGUN = (
    "SELECT id, stage, item, started FROM begun WHERE run = ? AND id > ?"
    " ORDER BY started, id"
)
_NEW = "FROM task WHERE run = ? AND rowid > ? AND rowid <= ?"
_PLACES = f"SELECT stage, item {_NEW}"
# Sorted by the database, which takes to the disk what is more than it may hold.
_STARTED = (
    f"SELECT stage, item, started {_NEW} AND state IN ('done', 'failed')"
    " ORDER BY started, rowid"
)
_ENDED = (
    f"SELECT stage, item, state, started + seconds, seconds, attempts {_NEW}"
    " AND state != 'failed' ORDER BY started + seconds, rowid"
)


class TaskTail:
    """The end of the events of a run's tasks: each look returns what is new.

    A task being done shows as started; its end, which comes later, leaves that out.
    """

    def __init__(self, db: apsw.Connection, run: str) -> None:
        self._db = db
        self._run = run
        self._task = 0
        self._begun = 0
        self._shown: set[tuple[str, str]] = set()

    def new(self) -> tuple[Iterator[Event], Iterator[Event]]:
        """Return the beginnings and the ends that are new, each in order of time."""
        begun = list(self._look_at_begun())  # first, for they may end meanwhile
        newest: int = self._db.execute(_NEWEST, (self._task, self._run)).get
        span = (self._run, self._task, newest)
        self._task = newest
        landed: set[tuple[str, str]] = set()
        if self._shown:
            landed = {place for place in self._places(span) if place in self._shown}
            self._shown -= landed
        started = self._started(span, landed)
        return merge(begun, started, key=lambda event: event.ts), self._ended(span)

    def _look_at_begun(self) -> Iterator[Event]:
        found = self._db.execute(_BEGUN, (self._run, self._begun))
        for number, stage, item, started in found:
            self._begun = max(self._begun, number)
            self._shown.add((stage, item))
            yield Event(started, "task.started", self._run, stage, item)

    def _places(self, span: tuple[str, int, int]) -> Iterator[tuple[str, str]]:
        yield from self._db.execute(_PLACES, span)

    def _started(
        self, span: tuple[str, int, int], shown: set[tuple[str, str]]
    ) -> Iterator[Event]:
        for stage, item, started in self._db.execute(_STARTED, span):
            if (stage, item) not in shown:
                yield Event(started, "task.started", self._run, stage, item)

    def _ended(self, span: tuple[str, int, int]) -> Iterator[Event]:
        for stage, item, state, ended, seconds, attempts in self._db.execute(
            _ENDED, span
        ):
            data: dict[str, Scalar] = {"seconds": seconds}
            if state == "done":
                data["attempt"] = attempts
            yield Event(ended, f"task.{state}", self._run, stage, item, data)
