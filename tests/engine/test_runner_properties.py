"""What holds for the runner whatever the graph, the items, the faults, the timing."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.events import Event
from subak.engine.graph import Graph, Node
from subak.engine.limiter import FixedLimiter
from subak.engine.options import RunOptions
from subak.engine.outcome import Outcome
from subak.engine.retry import RetryPolicy
from subak.engine.runner import Runner
from subak.engine.stage import Group, Item, Stage
from subak.errors import BrokenAnswer, InvalidAnswer
from subak.knowledge.codec import JsonCodec
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal

TEXT = JsonCodec(str)
COLOURS = ("red", "green", "blue")
SEEDS = st.integers(0, 2**32)


def _chance(*parts: object) -> Random:
    """Return a die that falls the same way for the same parts, in any order."""
    return Random("/".join(map(str, parts)))


@dataclass(slots=True)
class _World:
    """A random graph; what its stages do depends on seed, stage and value only."""

    seed: int
    timing: int
    journal: MemoryJournal
    clock: VirtualClock
    failing: float = 0.1
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    groups: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    limiter: FixedLimiter = field(default_factory=lambda: FixedLimiter("model", 3))
    most: int = 0

    def stage(self, name: str) -> Stage[str, str]:
        async def run(value: str) -> AsyncIterator[str]:
            self.calls[name, value] += 1
            die = _chance(self.seed, name, value)
            fate, outputs = die.random(), die.choice([0, 1, 1, 2])
            async with self.limiter.slot():
                self.most = max(self.most, self.limiter.statistics().in_use)
                await self.clock.sleep(_chance(self.timing, name, value).random())
            if fate < self.failing:
                raise InvalidAnswer("never")
            if fate < 3 * self.failing and self.calls[name, value] < 3:
                raise BrokenAnswer("not yet")
            for number in range(outputs):
                yield f"{value}.{name}{number}"

        return Stage(name, run, TEXT, identify=str)

    def merge(self, name: str) -> Stage[Group, str]:
        async def run(group: Group) -> AsyncIterator[str]:
            assert group.name not in self.groups[name]
            members = [f"{m.node}:{m.item.id}" for m in group.members]
            self.groups[name][group.name] = members
            self.calls[name, group.name] += 1
            await self.clock.sleep(_chance(self.timing, name, group.name).random())
            yield f"{group.name}.{name}"

        return Stage(name, run, TEXT, identify=str)

    def graph(self) -> Graph:
        die = Random(self.seed)
        graph = Graph()
        nodes: list[Node] = []
        for number in range(die.randint(1, 2)):
            values = [f"{number}-{die.randrange(9)}" for _ in range(die.randint(0, 6))]
            items = [Item(v, v, {"colour": die.choice(COLOURS)}) for v in values]
            given = iter(items) if die.random() < 0.5 else items
            nodes.append(graph.source(f"source{number}", given, TEXT))
        for number in range(die.randint(1, 5)):
            after = die.sample(nodes, die.randint(1, min(2, len(nodes))))
            if die.random() < 0.35:
                name = f"merge{number}"
                by = die.choice(["colour", "colour", None])
                if by is not None and any(_has_no_label(node) for node in after):
                    by = None
                gathered = graph.gather(f"gather{number}", after, by=by)
                nodes.append(graph.then(self.merge(name), gathered))
            else:
                nodes.append(graph.then(self.stage(f"s{number}"), after))
        return graph

    async def run(self, *, places: int = 5, run: str = "run-1") -> Outcome:
        policy = RetryPolicy(attempts=3, first_s=0.1)
        options = RunOptions(run, self.clock, retry=policy, max_in_flight=places)
        return await Runner(self.graph(), self.journal, options).run()


def _has_no_label(node: Node) -> bool:
    """Tell whether a gather without label lies before the node."""
    by = getattr(node.work, "by", "colour")
    return by is None or any(_has_no_label(parent) for parent in node.after)


def _world(seed: int, timing: int, journal: MemoryJournal | None = None) -> _World:
    clock = VirtualClock()
    return _World(seed, timing, journal or MemoryJournal(clock), clock)


def _reference(world: _World) -> tuple[Counter[str], dict[str, dict[str, list[str]]]]:
    """Return tasks per stage and groups, computed node by node, all at once."""
    graph = world.graph()
    out: dict[str, list[Item[object]]] = {}
    tasks: Counter[str] = Counter()
    groups: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for name, node in graph.nodes.items():
        coming = [(p.name, item) for p in node.after for item in out[p.name]]
        if name.startswith("source"):
            out[name] = list(getattr(node.work, "items", ()))
        elif name.startswith("gather"):
            by = getattr(node.work, "by", None)
            found: dict[str, list[str]] = defaultdict(list)
            for giver, item in coming:
                found[item.labels[by] if by else "all"].append(f"{giver}:{item.id}")
            out[name] = [
                Item(group, group, {by: group} if by else {}) for group in found
            ]
            merge = name.replace("gather", "merge")
            groups[merge] = {g: sorted(members) for g, members in found.items()}
        else:
            tasks[name] = len(coming)
            out[name] = [
                Item(made, made, item.labels)
                for _, item in coming
                for made in _made(world, name, item)
            ]
    return tasks, {name: found for name, found in groups.items() if found}


def _made(world: _World, name: str, item: Item[object]) -> list[str]:
    value = str(item.value)
    if name.startswith("merge"):
        return [f"{value}.{name}"]
    die = _chance(world.seed, name, value)
    fate, outputs = die.random(), die.choice([0, 1, 1, 2])
    if fate < world.failing:
        return []
    return [f"{value}.{name}{number}" for number in range(outputs)]


@settings(max_examples=60, deadline=None)
@given(SEEDS, SEEDS, st.integers(1, 8))
def test_every_item_is_accounted_for_exactly_once(
    seed: int, timing: int, places: int
) -> None:
    """Tasks, groups and counts are those of a plain walk, whatever the timing."""
    world = _world(seed, timing)
    outcome = asyncio.run(world.run(places=places))
    tasks, groups = _reference(world)
    assert Counter(record.stage for record in world.journal.tasks) == +tasks
    states = Counter(record.state for record in world.journal.tasks)
    assert (outcome.done, outcome.cached, outcome.failed, outcome.skipped) == (
        states["done"],
        states["cached"],
        states["failed"],
        0,
    )
    assert len({(f.stage, f.item) for f in outcome.failures}) <= outcome.failed
    assert {
        name: {group: sorted(members) for group, members in found.items()}
        for name, found in world.groups.items()
    } == groups
    assert world.most <= 3
    assert world.limiter.statistics().in_use == 0


@settings(max_examples=30, deadline=None)
@given(SEEDS, SEEDS, SEEDS)
def test_results_do_not_depend_on_the_timing(seed: int, one: int, two: int) -> None:
    """Other durations: the same keys, the same bytes."""
    results = []
    for timing, places in ((one, 3), (two, 7)):
        world = _world(seed, timing)
        asyncio.run(world.run(places=places))
        results.append(world.journal.results)
    assert results[0] == results[1]


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(1, 60), st.sampled_from(["drain", "cancel"]))
def test_interrupted_run_goes_on_where_it_stopped(
    seed: int, event: int, how: str
) -> None:
    """Stopped at any event and run again: same results, nothing committed redone."""
    whole = _world(seed, 1)
    asyncio.run(whole.run())
    world = _world(seed, 2)
    asyncio.run(_interrupted(world, event, how))
    committed = set(world.journal.results)
    done = {(r.stage, r.item) for r in world.journal.tasks if r.state == "done"}

    resumed = _world(seed, 3, world.journal)
    outcome = asyncio.run(resumed.run())
    assert not outcome.interrupted
    assert world.journal.results == whole.journal.results
    redone = [r for r in world.journal.tasks if r.state == "done"]
    assert len({r.key for r in redone}) == len(redone)
    assert committed <= set(world.journal.results)
    assert not {call for call in resumed.calls if call in done}


async def _interrupted(world: _World, event: int, how: str) -> None:
    left = event
    options = RunOptions(
        "run-1",
        world.clock,
        retry=RetryPolicy(attempts=3, first_s=0.1),
        max_in_flight=5,
    )
    runner = Runner(world.graph(), world.journal, options)

    def listen(_: Event) -> None:
        nonlocal left
        left -= 1
        if left == 0 and how == "cancel":
            task.cancel()
        elif left == 0:
            runner.drain()

    world.journal.subscribe(listen)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(runner.run())


def test_random_graphs_are_worth_the_name() -> None:
    """The properties above see gathers, failures, retries and empty results."""
    kinds: Counter[str] = Counter()
    for seed in range(60):
        world = _world(seed, seed)
        outcome = asyncio.run(world.run())
        kinds["failed"] += outcome.failed
        kinds["groups"] += sum(len(found) for found in world.groups.values())
        kinds["retried"] += sum(e.kind == "task.retried" for e in world.journal.events)
        kinds["cached"] += outcome.cached
    assert min(kinds.values()) > 5
    assert set(kinds) == {"failed", "groups", "retried", "cached"}


@pytest.mark.parametrize("seed", range(3))
def test_same_seeds_give_the_same_run(seed: int) -> None:
    """Events come in the same order with the same times."""
    runs = []
    for _ in range(2):
        world = _world(seed, seed)
        asyncio.run(world.run())
        runs.append(world.journal.events)
    assert runs[0] == runs[1]
