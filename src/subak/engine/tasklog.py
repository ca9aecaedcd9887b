"""TaskLog: what happened to each task, told to journal, events and tally alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from subak.engine.boundary import Mishap
from subak.engine.clock import Clock
from subak.engine.events import EventSink
from subak.engine.memo import MemoKey
from subak.engine.outcome import Failure, Tally
from subak.engine.records import Attempt, TaskRecord, TaskState
from subak.engine.stage import Item, Stage


@dataclass(frozen=True, slots=True)
class Task:
    """One stage on one item, and its place among the others.

    Args:
        lane: Of those of a lane only a few are done at the same time; "" for none.
    """

    stage: Stage[object, object]
    item: Item[object]
    depth: int
    root: int
    lane: str = ""

    @property
    def priority(self) -> tuple[int, int]:
        """Return the sorting key: later stages first, then recipe order."""
        return (-self.depth, self.root)


class ResultStore(Protocol):
    """The results of a journal."""

    def find_result(self, key: str) -> bytes | None:
        """Return the packed result of that key."""
        ...

    def find_last_result(self, stage: str, item: str) -> bytes | None:
        """Return the newest packed result of that stage and item, of any key."""
        ...

    async def put_result(
        self, task: TaskRecord, payload: bytes, *, replace: bool = False
    ) -> None:
        """Commit a result together with its task."""
        ...

    async def catch_up(self) -> None:
        """Wait while very much that was posted is still to be written."""
        ...


class TaskStore(Protocol):
    """The tasks and attempts of a journal."""

    def begin_task(self, stage: str, item: str, key: str) -> None:
        """Tell that a task is being done: until its key is put or posted."""
        ...

    def post_task(self, task: TaskRecord) -> None:
        """Record a task that has no result of its own."""
        ...

    async def put_attempt(self, attempt: Attempt) -> None:
        """Commit a failed attempt."""
        ...


class TaskJournal(ResultStore, TaskStore, EventSink, Protocol):
    """What a runner needs of a Journal."""


@dataclass(slots=True)
class Progress:
    """Where a task stands: when it began, its attempts, its last mishap."""

    task: Task
    key: MemoKey
    started: float
    begun: float
    attempts: int = 0
    mishap: Mishap | None = None


class TaskLog:
    """Write the rows and events of tasks and count how they end."""

    def __init__(self, journal: TaskJournal, run: str, clock: Clock) -> None:
        self.tally = Tally()
        self._journal = journal
        self._run = run
        self._clock = clock

    def begin(self, task: Task, key: MemoKey) -> Progress:
        """Note the time."""
        return Progress(task, key, self._clock.now(), self._clock.monotonic())

    def started(self, at: Progress) -> None:
        """Tell that a task is being computed."""
        task = at.task
        self._journal.begin_task(task.stage.name, task.item.id, at.key.digest)

    def retried(self, at: Progress, mishap: Mishap) -> None:
        """Tell that a further attempt begins, and what the last one failed with."""
        self._emit(
            "task.retried",
            at,
            attempt=at.attempts,
            seconds=self._seconds(at),
            error=mishap.kind,
            message=mishap.error.message,
        )

    async def attempt_failed(self, at: Progress, mishap: Mishap) -> None:
        """Commit a failed attempt."""
        at.mishap = mishap
        task = at.task
        await self._put_attempt(
            task.stage.name, task.item.id, mishap, at.key.digest, at.attempts
        )

    async def done(self, at: Progress, packed: bytes, *, replace: bool) -> None:
        """Commit a result; returns once it is durable."""
        seconds = self._seconds(at)
        await self._journal.put_result(
            self._record(at, "done", seconds), packed, replace=replace
        )
        self.tally.done += 1
        self._emit("task.done", at, attempt=at.attempts, seconds=seconds)

    def cached(self, at: Progress, *, is_stale: bool) -> None:
        """Record that an earlier result was used, maybe one of another key."""
        seconds = self._seconds(at)
        self._journal.post_task(self._record(at, "cached", seconds))
        self.tally.cached += 1
        self._emit("task.cached", at, seconds=seconds, is_stale=is_stale)

    def skipped(self, at: Progress) -> None:
        """Record that nothing was to be done and nothing was known."""
        self._journal.post_task(self._record(at, "skipped", self._seconds(at)))
        self.tally.skipped += 1
        self._emit("task.skipped", at)

    def failed(self, at: Progress, mishap: Mishap, *, is_kept: bool) -> None:
        """Record that a task failed for good, and whether an older result goes on."""
        seconds = self._seconds(at)
        self._journal.post_task(self._record(at, "failed", seconds))
        self._emit(
            "task.failed",
            at,
            attempt=at.attempts,
            seconds=seconds,
            error=mishap.kind,
            message=mishap.error.message,
            is_kept=is_kept,
            **_reason(mishap),
        )
        self._count(at.task.stage.name, at.task.item.id, mishap)

    def unreadable(self, at: Progress, mishap: Mishap) -> None:
        """Tell that a stored result could not be used."""
        message = f"a stored result is not usable: {mishap.error.message}"
        self._emit("note", at, level="warning", message=message)

    async def source_failed(self, source: str, item: str, mishap: Mishap) -> None:
        """Record that a source could not hand out an item."""
        await self._put_attempt(source, item, mishap, key="", number=1)
        self._journal.emit(
            "task.failed",
            stage=source,
            item=item,
            attempt=1,
            seconds=0.0,
            error=mishap.kind,
            message=mishap.error.message,
            is_kept=False,
        )
        self._count(source, item, mishap)

    async def _put_attempt(
        self, stage: str, item: str, mishap: Mishap, key: str, number: int
    ) -> None:
        await self._journal.put_attempt(
            Attempt(
                run=self._run,
                stage=stage,
                item=item,
                key=key,
                kind="task",
                number=number,
                ts=self._clock.now(),
                error=mishap.kind,
                message=mishap.error.message,
                where=mishap.error.where,
                hint=mishap.error.hint,
                retryable=mishap.is_retryable,
                detail=mishap.detail,
            )
        )

    def _record(self, at: Progress, state: TaskState, seconds: float) -> TaskRecord:
        return TaskRecord(
            run=self._run,
            stage=at.task.stage.name,
            item=at.task.item.id,
            state=state,
            key=at.key.digest,
            parts=at.key.parts,
            started=at.started,
            seconds=seconds,
            attempts=at.attempts,
            labels=at.task.item.labels,
        )

    def _seconds(self, at: Progress) -> float:
        return self._clock.monotonic() - at.begun

    def _emit(self, kind: str, at: Progress, **data: str | float | bool) -> None:
        task = at.task
        self._journal.emit(kind, stage=task.stage.name, item=task.item.id, **data)

    def _count(self, stage: str, item: str, mishap: Mishap) -> None:
        error = mishap.error
        failure = Failure(item, stage, str(error), error.hint, mishap.kind)
        self.tally.fail(failure)


def _reason(mishap: Mishap) -> dict[str, str]:
    """Return the word to count the failure by, where its error has one."""
    return {"reason": mishap.error.reason} if mishap.error.reason else {}
