"""Stages, items and runs of which the runner's tests are made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from subak.engine.graph import Graph
from subak.engine.options import RunOptions
from subak.engine.outcome import Outcome
from subak.engine.runner import Runner
from subak.engine.stage import Item, Stage
from subak.knowledge.codec import JsonCodec
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal

TEXT = JsonCodec(str)


def make_stage(
    name: str,
    seen: list[str] | None = None,
    change: Callable[[str], str] = str,
    clock: VirtualClock | None = None,
) -> Stage[str, str]:
    """Return a stage that notes what it sees and changes it."""

    async def run(value: str) -> AsyncIterator[str]:
        if seen is not None:
            seen.append(value)
        if clock is not None:
            await clock.sleep(1)
        yield change(value)

    return Stage(name, run, TEXT)


def make_items(*names: str, category: str = "") -> list[Item[str]]:
    """Return items that are their own names."""
    labels = {"category": category} if category else {}
    return [Item(name, name, labels) for name in names]


def run_graph(
    graph: Graph, journal: MemoryJournal, options: RunOptions | None = None
) -> Outcome:
    """Run the graph with a clock that never waits."""

    async def scenario() -> Outcome:
        chosen = options or RunOptions("run-1", VirtualClock())
        return await Runner(graph, journal, chosen).run()

    return asyncio.run(asyncio.wait_for(scenario(), 30))
