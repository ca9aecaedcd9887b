"""MemoryJournal: what a runner needs of a journal, kept in memory."""

from __future__ import annotations

import asyncio
from collections import Counter

from subak.engine.clock import Clock
from subak.engine.events import Event, Listener, Scalar
from subak.engine.records import Attempt, TaskRecord


class MemoryJournal:
    """Record tasks, attempts, results and events in plain lists and dicts.

    A commit takes one turn of the event loop, so that a cancellation may hit it.

    Args:
        clock: Stamps the events.
        run: Id of the run the events belong to.
    """

    def __init__(self, clock: Clock, run: str = "run-1") -> None:
        self.run = run
        self.results: dict[str, bytes] = {}
        self.tasks: list[TaskRecord] = []
        self.attempts: list[Attempt] = []
        self.events: list[Event] = []
        self.tallies: dict[str, Counter[str]] = {}
        self._clock = clock
        self._last: dict[tuple[str, str], bytes] = {}
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> None:
        """Call the listener with every event from now on."""
        self._listeners.append(listener)

    def find_result(self, key: str) -> bytes | None:
        """Return the packed result of that key."""
        return self.results.get(key)

    def find_last_result(self, stage: str, item: str) -> bytes | None:
        """Return the newest packed result of that stage and item, of any key."""
        return self._last.get((stage, item))

    async def put_result(
        self, task: TaskRecord, payload: bytes, *, replace: bool = False
    ) -> None:
        """Keep the first result of a key, or the newest if told to replace it."""
        await asyncio.sleep(0)
        self.tasks.append(task)
        if replace or task.key not in self.results:
            self.results[task.key] = payload
            self._last[task.stage, task.item] = payload

    async def catch_up(self) -> None:
        """Return at once: there is no disk to wait for."""

    def begin_task(self, stage: str, item: str, key: str) -> None:  # noqa: ARG002
        """Tell that a task is being done."""
        self.emit("task.started", stage=stage, item=item)

    def post_task(self, task: TaskRecord) -> None:
        """Record a task that has no result of its own."""
        self.tasks.append(task)

    async def put_attempt(self, attempt: Attempt) -> None:
        """Record a failed attempt."""
        await asyncio.sleep(0)
        self.attempts.append(attempt)

    def tell(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Record an event that a journal would not keep, and tell the listeners."""
        self.emit(kind, stage=stage, item=item, **data)

    def count_tasks(
        self,
        stage: str,
        *,
        done: int = 0,
        cached: int = 0,
        failed: int = 0,
        skipped: int = 0,
    ) -> None:
        """Add to the tally of a stage whose tasks have no rows of their own."""
        counts = Counter(done=done, cached=cached, failed=failed, skipped=skipped)
        self.tallies.setdefault(stage, Counter()).update(counts)

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Record an event and tell the listeners."""
        event = Event(self._clock.now(), kind, self.run, stage, item, data)
        self.events.append(event)
        for listener in self._listeners:
            listener(event)
