"""The runner and gathers: groups go on as early as can be, and not earlier."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

from subak.engine.graph import Graph
from subak.engine.options import RunOptions
from subak.engine.outcome import Outcome
from subak.engine.runner import Runner
from subak.engine.stage import Group, Item, Stage
from subak.errors import InvalidAnswer
from subak.knowledge.codec import JsonCodec
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal

TEXT = JsonCodec(str)


class _World:
    """A clock, a journal, and what the gathered groups looked like when."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.journal = MemoryJournal(self.clock)
        self.groups: list[tuple[str, list[str], float]] = []

    def wait(self, name: str, seconds: Callable[[str], float]) -> Stage[str, str]:
        async def run(value: str) -> AsyncIterator[str]:
            await self.clock.sleep(seconds(value))
            yield value

        return Stage(name, run, TEXT)

    def merge(self, name: str) -> Stage[Group, str]:
        async def run(group: Group) -> AsyncIterator[str]:
            ids = [member.item.id for member in group.members]
            self.groups.append((group.name, ids, self.clock.monotonic()))
            yield group.name

        return Stage(name, run, TEXT)

    def run(self, graph: Graph, places: int = 64) -> Outcome:
        async def scenario() -> Outcome:
            options = RunOptions("run-1", self.clock, max_in_flight=places)
            return await Runner(graph, self.journal, options).run()

        return asyncio.run(asyncio.wait_for(scenario(), 30))


def _item(name: str, category: str) -> Item[str]:
    return Item(name, name, {"category": category})


ITEMS = [_item("5", "tax"), _item("1", "tax"), _item("3", "visa"), _item("2", "visa")]


def test_group_goes_on_when_its_own_members_are_done() -> None:
    """A list tells its labels beforehand: no group waits for another one."""
    world = _World()
    graph = Graph()
    work = graph.then(world.wait("work", float), graph.source("s", ITEMS, TEXT))
    graph.then(world.merge("merge"), graph.gather("by", work, by="category"))
    outcome = world.run(graph)
    assert world.groups == [("visa", ["2", "3"], 3.0), ("tax", ["1", "5"], 5.0)]
    assert outcome.done == 6


def test_group_of_a_list_does_not_wait_for_the_end_of_the_list() -> None:
    """Even with one place, a group goes on before the next one's items are pulled."""
    world = _World()
    graph = Graph()
    work = graph.then(world.wait("work", float), graph.source("s", ITEMS, TEXT))
    graph.then(world.merge("merge"), graph.gather("by", work, by="category"))
    world.run(graph, places=1)
    assert world.groups == [("tax", ["1", "5"], 6.0), ("visa", ["2", "3"], 11.0)]


def test_group_waits_for_a_source_that_may_hand_out_more() -> None:
    """An iterator that is not exhausted may still belong to any group."""
    world = _World()
    graph = Graph()

    def lazily() -> Iterator[Item[str]]:
        yield from ITEMS

    work = graph.then(world.wait("work", float), graph.source("s", lazily(), TEXT))
    graph.then(world.merge("merge"), graph.gather("by", work, by="category"))
    world.run(graph, places=1)
    assert [at for _, _, at in world.groups] == [11.0, 11.0]


def test_group_waits_for_items_that_lack_the_label() -> None:
    """Whatever may still get any label holds every group back."""
    world = _World()
    graph = Graph()
    raw = [Item("9", "9"), Item("1", "1")]
    labelled = replace(
        world.wait("work", float), label=lambda value: {"category": f"c{value}"}
    )
    work = graph.then(labelled, graph.source("s", raw, TEXT))
    graph.then(world.merge("merge"), graph.gather("by", work, by="category"))
    world.run(graph)
    assert world.groups == [("c9", ["9"], 9.0), ("c1", ["1"], 9.0)]


def test_failed_items_just_do_not_appear() -> None:
    """A group goes on without them; one that lost all members isn't emitted."""
    world = _World()
    graph = Graph()

    async def run(value: str) -> AsyncIterator[str]:
        if value in {"5", "3", "2"}:
            raise InvalidAnswer("no")
        yield value

    work = graph.then(Stage("work", run, TEXT), graph.source("s", ITEMS, TEXT))
    graph.then(world.merge("merge"), graph.gather("by", work, by="category"))
    outcome = world.run(graph)
    assert world.groups == [("tax", ["1"], 0.0)]
    assert (outcome.done, outcome.failed) == (2, 3)


def test_gather_takes_from_several_nodes_and_branches() -> None:
    """One node feeds several, several feed one gather; members name their node."""
    world = _World()
    seen: list[tuple[str, str]] = []

    async def merge(group: Group) -> AsyncIterator[str]:
        seen.extend((member.node, member.item.id) for member in group.members)
        yield group.name

    graph = Graph()
    seeds = graph.source("s", ITEMS[:2], TEXT)
    one = graph.then(world.wait("one", float), seeds)
    two = graph.then(world.wait("two", lambda value: 10.0), seeds)
    both = graph.gather("both", [two, one, seeds], by="category")
    graph.then(Stage("merge", merge, TEXT), both)
    world.run(graph)
    assert seen == [
        ("one", "1"),
        ("one", "5"),
        ("s", "1"),
        ("s", "5"),
        ("two", "1"),
        ("two", "5"),
    ]


def test_gather_after_gather_collects_the_groups() -> None:
    """The second gather waits for all groups of the first, and no longer."""
    world = _World()
    graph = Graph()
    work = graph.then(world.wait("work", float), graph.source("s", ITEMS, TEXT))
    first = graph.then(world.merge("first"), graph.gather("by", work, by="category"))
    again = graph.gather("again", first, by="category")
    graph.then(world.merge("second"), again)
    graph.then(world.merge("whole"), graph.gather("everything", first, by=None))
    world.run(graph)
    assert [g for g in world.groups if g[0] == "visa"] == [
        ("visa", ["2", "3"], 3.0),
        ("visa", ["visa"], 3.0),
    ]
    assert world.groups[-1] == ("all", ["tax", "visa"], 5.0)


def test_gather_right_after_gather_is_fed_with_groups() -> None:
    """A group may be a member itself."""
    world = _World()
    graph = Graph()
    first = graph.gather("first", graph.source("s", ITEMS, TEXT), by="category")
    graph.then(world.merge("merge"), graph.gather("second", first, by=None))
    world.run(graph)
    assert world.groups == [("all", ["tax", "visa"], 0.0)]


def test_gather_of_a_long_source_shares_the_loop() -> None:
    """A source that feeds only a gather is read in portions."""
    world = _World()
    turns = 0

    def lazily() -> Iterator[Item[str]]:
        for number in range(200):
            yield _item(str(number), "tax")

    async def scenario() -> int:
        nonlocal turns
        graph = Graph()
        graph.gather("by", graph.source("s", lazily(), TEXT), by="category")
        options = RunOptions("run-1", world.clock, max_in_flight=10)

        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as group:
            counter = group.create_task(count())
            await Runner(graph, world.journal, options).run()
            counter.cancel()
        return turns

    assert asyncio.run(scenario()) >= 20


def test_item_without_the_label_of_its_gather_fails() -> None:
    """An item that no group could take is reported, with what to do."""
    world = _World()
    graph = Graph()
    seeds = graph.source("s", [Item("a", "1"), _item("b", "tax")], TEXT)
    work = graph.then(world.wait("work", lambda value: 1.0), seeds)
    graph.then(world.merge("merge"), graph.gather("by", work, by="category"))
    graph.gather("direct", seeds, by="category")
    outcome = world.run(graph)
    assert [(f.item, f.stage, f.kind) for f in outcome.failures] == [
        ("a", "s", "Terminal")
    ]
    assert "no label 'category'" in outcome.failures[0].error
    assert "add the label 'category'" in outcome.failures[0].hint
    assert world.groups == [("tax", ["b"], 1.0)]


def test_stage_result_without_the_label_of_its_gather_fails() -> None:
    """The same for what a stage makes; nothing of it is committed."""
    world = _World()
    graph = Graph()
    work = graph.then(
        world.wait("work", lambda value: 1.0),
        graph.source("s", [Item("a", "1")], TEXT),
    )
    graph.gather("by", work, by="category")
    outcome = world.run(graph)
    assert [(f.item, f.stage) for f in outcome.failures] == [("a", "work")]
    assert world.journal.results == {}
