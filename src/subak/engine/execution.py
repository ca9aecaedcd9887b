"""Execution: one task from its memo to its commit.

Knows nothing of the order of tasks; the runner decides that.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import cast

from subak.engine.boundary import Mishap, contained
from subak.engine.clock import Clock
from subak.engine.context import TaskContext, set_current_task
from subak.engine.memo import MemoKey, Output, inherit, pack, produce, unpack
from subak.engine.options import RunOptions
from subak.engine.retry import retry
from subak.engine.stage import Item
from subak.engine.tasklog import Progress, ResultStore, Task, TaskLog
from subak.errors import SubakError, Terminal

Items = tuple[Item[object], ...]


@dataclass(frozen=True, slots=True)
class _Made:
    outputs: tuple[Output, ...]
    items: Items


class Execution:
    """Perform tasks.

    Guarantees:
        ``perform`` returns a task's results only after they were committed; nothing
        of a task that fails or is cancelled is committed but its attempts. Every
        performed task is told to the log exactly once, unless it is cancelled.

    Assumes:
        Never called for the same key twice at once.
    """

    def __init__(
        self,
        results: ResultStore,
        log: TaskLog,
        options: RunOptions,
        needed_labels: Mapping[str, frozenset[str]],
    ) -> None:
        self._results = results
        self._log = log
        self._options = options
        self._needed_labels = needed_labels
        self._rest = _Rest(options.clock)
        self._rng = Random(options.seed)

    def stop_resting(self) -> None:
        """Give up the tasks that wait for a further attempt, now and from now on."""
        self._rest.stop()

    async def perform(self, task: Task, key: MemoKey) -> Items:
        """Look a task up or compute it; return what goes on."""
        select = self._options.selected
        is_selected = select is None or select(task.stage.name, task.item)
        is_refresh = is_selected and task.stage.name in self._options.refresh
        set_current_task(
            TaskContext(
                run=self._options.run,
                stage=task.stage.name,
                item=task.item.id,
                priority=task.priority,
                refresh=is_refresh,
            )
        )
        at = self._log.begin(task, key)
        if is_refresh:
            return await self._compute_in_time(at, replace=True)
        packed = self._results.find_result(key.digest)
        items = None if packed is None else await self._recall(at, packed)
        if items is not None:
            self._log.cached(at, is_stale=False)
            await self._results.catch_up()
            return items
        if is_selected:
            return await self._compute_in_time(at, replace=packed is not None)
        return await self._stand_in(at)

    async def _stand_in(self, at: Progress) -> Items:
        items = await self._recall_last(at)
        if items is None:
            self._log.skipped(at)
            await self._results.catch_up()
            return ()
        self._log.cached(at, is_stale=True)
        await self._results.catch_up()
        return items

    async def _compute_in_time(self, at: Progress, *, replace: bool) -> Items:
        curfew = self._options.curfew
        if curfew is None:
            return await self._compute(at, replace=replace)
        items = await curfew.finish(
            at.task.stage.name,
            at.task.item,
            lambda: self._compute(at, replace=replace),
        )
        return await self._stand_in(at) if items is None else items

    async def _compute(self, at: Progress, *, replace: bool) -> Items:
        self._log.started(at)
        try:
            made = await retry(
                lambda: self._attempt(at), self._options.retry, self._rest, self._rng
            )
        except SubakError as error:
            mishap = at.mishap
            if mishap is None or mishap.error is not error:
                raise  # it ends the run
            return await self._give_up(at, mishap)
        await self._log.done(at, pack(made.outputs), replace=replace)
        return made.items

    async def _attempt(self, at: Progress) -> _Made:
        at.attempts += 1
        if at.mishap is not None:
            self._log.retried(at, at.mishap)
        made = await contained(
            lambda: self._make(at.task), stage=at.task.stage.name, item=at.task.item.id
        )
        if isinstance(made, Mishap):
            await self._log.attempt_failed(at, made)
            raise made.error
        return made

    async def _give_up(self, at: Progress, mishap: Mishap) -> Items:
        items = await self._recall_last(at) if at.task.stage.keep_last else None
        self._log.failed(at, mishap, is_kept=items is not None)
        return items or ()

    async def _make(self, task: Task) -> _Made:
        stage = task.stage
        stream = stage.run(task.item.value)
        outputs = tuple([produce(stage, value) async for value in stream])
        return _Made(outputs, self._inherited(task, outputs))

    async def _recall_last(self, at: Progress) -> Items | None:
        task = at.task
        packed = self._results.find_last_result(task.stage.name, task.item.id)
        return await self._recall(at, packed)

    async def _recall(self, at: Progress, packed: bytes | None) -> Items | None:
        if packed is None:
            return None

        async def read() -> Items:
            return self._inherited(at.task, unpack(packed))

        task = at.task
        items = await contained(read, stage=task.stage.name, item=task.item.id)
        if isinstance(items, Mishap):
            self._log.unreadable(at, items)
            return None
        return items

    def _inherited(self, task: Task, outputs: tuple[Output, ...]) -> Items:
        stage = task.stage
        items = tuple(inherit(task.item, stage, output) for output in outputs)
        for item in items:
            require_labels(stage.name, item, self._needed_labels[stage.name])
        return items


def require_labels(name: str, item: Item[object], needed: frozenset[str]) -> None:
    """Check that an item can be gathered where it goes next.

    Raises:
        Terminal: It lacks a label; no group could take it.
    """
    for label in sorted(needed - item.labels.keys()):
        raise Terminal(
            f"it has no label '{label}', by which it is to be gathered",
            where=f"{name}/{item.id}",
            hint=f"let '{name}' or what comes before it add the label '{label}'",
        )


class _Rest:
    """A Timer whose sleepers can be given up.

    Guarantees:
        After ``stop`` nobody sleeps here: whoever does or tries to is cancelled.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sleepers: set[asyncio.Task[object]] = set()
        self._is_stopped = False

    def monotonic(self) -> float:
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        task = cast("asyncio.Task[object]", asyncio.current_task())
        if self._is_stopped:
            task.cancel()
        self._sleepers.add(task)
        try:
            await self._clock.sleep(seconds)
        finally:
            self._sleepers.discard(task)

    def stop(self) -> None:
        self._is_stopped = True
        for task in self._sleepers:
            task.cancel()
