"""Runner: items stream through a graph; nothing waits that need not.

Decides what runs when. What a task is, from memo to commit, is Execution's matter.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from subak.engine.boundary import Mishap, contained, gravest
from subak.engine.execution import Execution, require_labels
from subak.engine.gathering import Gathering
from subak.engine.graph import Feed, Gather, Graph, Node
from subak.engine.intake import Intake
from subak.engine.memo import KeyPattern
from subak.engine.options import RunOptions
from subak.engine.outcome import Failure, Outcome
from subak.engine.ready import Ready
from subak.engine.stage import Item, Stage
from subak.engine.tasklog import Task, TaskJournal, TaskLog
from subak.engine.wiring import Wiring
from subak.errors import Interrupted

__all__ = ["Failure", "Outcome", "RunOptions", "Runner"]


class Runner:
    """Run a graph once.

    Guarantees:
        A result is committed before anything downstream sees it. At most
        ``max_in_flight`` tasks are in flight, and of each lane of a stage at most
        ``lane_limit``; of those that may begin, later stages begin first, then recipe
        order. What waits for a full lane takes no place in flight, so other lanes
        flow past it. Sources are pulled only while a place is free, nothing could
        begin, and fewer than ``max_held`` tasks wait for full lanes. Two inputs with
        the same memo key are not computed at the same time. What is done leaves
        nothing behind but counters and failures.

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
        self._keys = {
            name: KeyPattern(node.work, options.run)
            for name, node in nodes.items()
            if isinstance(node.work, Stage)
        }
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
        self._ready = Ready()
        self._twins: dict[str, list[Task]] = {}
        self._in_flight = 0
        self._roots = 0
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
        while self._in_flight < self._options.max_in_flight:
            task = self._next()
            if task is None:
                break
            self._in_flight += 1
            group.create_task(self._work(group, task))
        if self._is_stopping or self._is_pulling or not self._intakes:
            return
        if self._room() > 0:
            self._is_pulling = True
            group.create_task(self._pull(group))

    @property
    def _is_stopping(self) -> bool:
        return self._is_draining or self._is_cut

    def _next(self) -> Task | None:
        """Take what is to begin next, if anything may."""
        return None if self._is_stopping else self._ready.pop()

    def _room(self) -> int:
        if self._ready.held >= self._options.max_held:
            return 0
        places = self._options.max_in_flight
        return places - self._in_flight - self._ready.startable

    async def _work(self, group: asyncio.TaskGroup, first: Task) -> None:
        """Settle a task, then in its place in flight what may begin next."""
        task: Task | None = first
        try:
            while task is not None:
                with self._cut_if_broken():
                    await self._settle(task)
                    self._ready.leave(task)
                    await asyncio.sleep(0)  # what is cached waits for nothing else
                task = self._next()
                self._pump(group)
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
        key = self._keys[name].key(task.item.digest)
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
            self._ready.push(twin)
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
            stage = node.work
            lane = "" if stage.lane is None else stage.lane(item.value)
            self._ready.push(Task(stage, item, node.depth, root, lane))
            return
        gathering = self._gatherings[node.name]
        opened = gathering.add(giver, item, root)
        if opened is not None:
            self._enter(node.name, gathering.labels_of(opened))

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
