"""Runner: items stream through a graph; nothing waits that need not.

Decides what runs when. What a task is, from memo to commit, is Execution's matter.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from subak.engine.boundary import Mishap, contained, gravest
from subak.engine.execution import Execution, require_labels
from subak.engine.gathering import Gathering
from subak.engine.graph import Feed, Gather, Graph, Node
from subak.engine.intake import Intake
from subak.engine.memo import memo_key
from subak.engine.options import RunOptions
from subak.engine.outcome import Failure, Outcome
from subak.engine.stage import Item, Stage
from subak.engine.tasklog import Task, TaskJournal, TaskLog
from subak.engine.wiring import Wiring
from subak.errors import Interrupted

__all__ = ["Failure", "Outcome", "RunOptions", "Runner"]


@dataclass(order=True, slots=True)
class _Ready:
    priority: tuple[int, int]
    order: int
    task: Task = field(compare=False)


class Runner:
    """Run a graph once.

    Guarantees:
        A result is committed before anything downstream sees it. At most
        ``max_in_flight`` tasks are in flight; of those ready, later stages begin
        first, then recipe order. Sources are pulled only while a place is free and
        nothing is ready. Two inputs with the same memo key are not computed at the
        same time. What is done leaves nothing behind but counters and failures.

    Assumes:
        Stages bound their own waits and let a CancelledError pass. One event loop;
        ``run`` is called once.
    """

    def __init__(self, graph: Graph, journal: TaskJournal, options: RunOptions) -> None:
        for name in sorted(options.refresh):
            graph.find(name, where="refresh")
        self._options = options
        self._journal = journal
        self._wiring = Wiring(graph, options.last_stage)
        nodes = self._wiring.nodes
        self._log = TaskLog(journal, options.run, options.clock)
        self._needed = {name: self._wiring.needed_labels(name) for name in nodes}
        self._execution = Execution(journal, self._log, options, self._needed)
        self._gatherings = {
            name: Gathering(node.work)
            for name, node in nodes.items()
            if isinstance(node.work, Gather)
        }
        self._intakes = deque(
            Intake(name, node.work)
            for name, node in nodes.items()
            if isinstance(node.work, Feed)
        )
        self._ready: list[_Ready] = []
        self._twins: dict[str, list[Task]] = {}
        self._in_flight = 0
        self._roots = 0
        self._order = 0
        self._is_pulling = False
        self._is_draining = False
        self._is_cut = False

    async def run(self) -> Outcome:
        """Run until everything that can be done is done.

        Raises:
            UserError: The run cannot go on (StorageError, MissingExtra ...).
            Unreachable: A model or the network is not there.
        """
        for intake in self._intakes:
            self._expect(intake)
        cause: BaseException | None = None
        try:
            async with asyncio.TaskGroup() as group:
                self._pump(group)
        except BaseExceptionGroup as errors:
            cause = gravest(errors)
        if cause is not None:
            raise cause
        return self._log.tally.outcome(interrupted=self._is_draining or self._is_cut)

    def drain(self) -> None:
        """Begin nothing more; what is in flight finishes and commits."""
        if not self._is_draining:
            self._is_draining = True
            self._journal.emit("run.draining")
            self._execution.stop_resting()

    def _pump(self, group: asyncio.TaskGroup) -> None:
        if self._is_draining or self._is_cut:
            return
        while self._ready and self._in_flight < self._options.max_in_flight:
            task = heapq.heappop(self._ready).task
            self._in_flight += 1
            group.create_task(self._work(group, task))
        if self._intakes and not self._is_pulling and self._room() > 0:
            self._is_pulling = True
            group.create_task(self._pull(group))

    def _room(self) -> int:
        return self._options.max_in_flight - self._in_flight - len(self._ready)

    async def _work(self, group: asyncio.TaskGroup, task: Task) -> None:
        try:
            with self._cut_if_broken():
                await self._settle(task)
        finally:
            self._in_flight -= 1
        self._pump(group)

    async def _pull(self, group: asyncio.TaskGroup) -> None:
        with self._cut_if_broken():
            # Bounded, so that a source that feeds only a gather lets others run too.
            for _ in range(self._options.max_in_flight):
                if not self._intakes or self._room() <= 0 or self._is_draining:
                    break
                await self._pull_one(self._intakes[0])
        self._is_pulling = False
        self._pump(group)

    @contextmanager
    def _cut_if_broken(self) -> Iterator[None]:
        """Begin nothing more once a task raised, was cancelled or swallowed that."""
        is_whole = False
        try:
            yield
            current = asyncio.current_task()
            is_whole = current is not None and not current.cancelling()
        finally:
            self._is_cut = self._is_cut or not is_whole

    async def _settle(self, task: Task) -> None:
        name = task.stage.name
        key = memo_key(task.stage, task.item.digest, self._options.run)
        if key.digest in self._twins:
            self._twins[key.digest].append(task)
            return
        self._twins[key.digest] = []
        try:
            items = await self._execution.perform(task, key)
        except Interrupted:
            if not self._is_draining:
                raise
            return  # it was to begin something more: the next run does that
        self._forward(name, items, task.root)
        for twin in self._twins.pop(key.digest):
            self._push(twin)
        self._leave(name, task.item.labels)

    async def _pull_one(self, intake: Intake) -> None:
        name = intake.name
        item = await contained(intake.take, stage=name, item="")
        if isinstance(item, Mishap):
            await self._log.source_failed(name, "", item)
        if item is None or isinstance(item, Mishap):
            self._intakes.popleft()
            if intake.expected is None:
                self._leave(name, {})
            return
        root, self._roots = self._roots, self._roots + 1

        async def check(raw: Item[object] = item) -> Item[object]:
            require_labels(name, raw, self._needed[name])
            return intake.with_digest(raw)

        checked = await contained(check, stage=name, item=item.id)
        if isinstance(checked, Mishap):
            await self._log.source_failed(name, item.id, checked)
        else:
            self._forward(name, (checked,), root)
        if intake.expected is not None:
            self._leave(name, item.labels)

    def _expect(self, intake: Intake) -> None:
        if intake.expected is None:
            self._enter(intake.name, {})
        else:
            for item in intake.expected:
                self._enter(intake.name, item.labels)

    def _forward(self, name: str, items: Iterable[Item[object]], root: int) -> None:
        for item in items:
            for node in self._wiring.after[name]:
                self._deliver(name, node, item, root)

    def _deliver(self, giver: str, node: Node, item: Item[object], root: int) -> None:
        if isinstance(node.work, Stage):
            self._enter(node.name, item.labels)
            self._push(Task(node.work, item, node.depth, root))
            return
        gathering = self._gatherings[node.name]
        opened = gathering.add(giver, item, root)
        if opened is not None:
            self._enter(node.name, gathering.labels_of(opened))

    def _push(self, task: Task) -> None:
        heapq.heappush(self._ready, _Ready(task.priority, self._order, task))
        self._order += 1

    def _enter(self, name: str, labels: Mapping[str, str]) -> None:
        """Announce to all gathers below a node that something is there."""
        for below in self._wiring.below[name]:
            gathering = self._gatherings[below.gather.name]
            kept = labels if below.is_label_kept else {}
            gathering.enter(gathering.group_of(kept))

    def _leave(self, name: str, labels: Mapping[str, str]) -> None:
        """Take it back, and let go on what waited for it."""
        below_it = self._wiring.below[name]
        for below in below_it:
            gathering = self._gatherings[below.gather.name]
            kept = labels if below.is_label_kept else {}
            gathering.leave(gathering.group_of(kept))
        for below in below_it:
            gather = below.gather.name
            for gathered in self._gatherings[gather].complete():
                self._forward(gather, (gathered.item,), gathered.root)
                self._leave(gather, gathered.item.labels)
