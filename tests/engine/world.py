"""World: a clock, a journal and a graph for tests of faults and stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from subak.engine.graph import Graph
from subak.engine.options import RunOptions
from subak.engine.outcome import Outcome
from subak.engine.retry import RetryPolicy
from subak.engine.runner import Runner
from subak.engine.stage import Item, Stage
from subak.knowledge.codec import JsonCodec
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal

TEXT = JsonCodec(str)
ITEMS = [Item(name, name) for name in "abc"]


class World:
    """A clock, a journal and a graph of one stage that does what it is told."""

    def __init__(self, journal: MemoryJournal | None = None) -> None:
        self.clock = VirtualClock()
        self.journal = journal or MemoryJournal(self.clock)
        self.ends: list[str] = []

    def graph(
        self, work: Callable[[str], AsyncIterator[str]], *, keep_last: bool = False
    ) -> Graph:
        """Return a graph of the stage that works, and one that notes its ends."""

        async def last(value: str) -> AsyncIterator[str]:
            self.ends.append(value)
            yield value

        graph = Graph()
        stage = Stage("work", work, TEXT, keep_last=keep_last)
        node = graph.then(stage, graph.source("seeds", ITEMS, TEXT))
        graph.then(Stage("last", last, TEXT), node)
        return graph

    def runner(
        self, graph: Graph, places: int = 64, retry: RetryPolicy | None = None
    ) -> Runner:
        """Return a runner of the graph."""

        options = RunOptions(
            "run-1",
            self.clock,
            retry=retry or RetryPolicy(attempts=3),
            max_in_flight=places,
        )
        return Runner(graph, self.journal, options)

    def run(self, graph: Graph, places: int = 64) -> Outcome:
        """Run the graph to its end."""

        async def scenario() -> Outcome:
            return await self.runner(graph, places).run()

        return asyncio.run(asyncio.wait_for(scenario(), 30))
