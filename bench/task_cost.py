"""What the engine costs a task: processor time, bytes on the disk, memory.

``python -m bench.task_cost [--items N] [--each K] [--bytes B] [--stages S]``

N / K sources are listed to K items each, which go through S stages that do nothing,
with values of B bytes and the listener of a command whose output is no terminal; then
all of it a second time, from the journal. Time is the processor's, of the event loop
and the writer thread together.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from subak.cli.progress import open_progress
from subak.engine.clock import SystemClock
from subak.engine.graph import Graph
from subak.engine.interpreter import favour_the_loop
from subak.engine.journal import Journal
from subak.engine.options import RunOptions
from subak.engine.runner import Runner
from subak.engine.stage import Item, Stage
from subak.engine.store import Store
from subak.knowledge.codec import JsonCodec

_TEXT = JsonCodec(str)
_WORDS = "taxes on income are levied by the state from residents and companies alike "
_IN_FLIGHT = 512


@dataclass(frozen=True, slots=True)
class Load:
    """What goes through the graph.

    Args:
        each: Items of one source.
        size: Bytes of a value.
        stages: Stages after the listing.
    """

    items: int
    each: int
    size: int
    stages: int

    @property
    def tasks(self) -> int:
        """Return how many tasks a run has."""
        return -(-self.items // self.each) + self.items * self.stages


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run came to; ``memory_mb`` is the process's peak so far."""

    us: float
    kept_bytes: int
    memory_mb: float


def measure(load: Load) -> Iterator[tuple[str, Cost]]:
    """Run it twice in a fresh folder and yield what each run cost."""
    favour_the_loop()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        for name in ("first", "again"):
            before = path.stat().st_size if path.exists() else 0
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
                spent = asyncio.run(_run(path, load, nowhere))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            kept = path.stat().st_size - before
            yield name, Cost(spent / load.tasks * 1e6, kept, peak)
            gc.collect()


async def _run(path: Path, load: Load, shown: TextIO) -> float:
    store, clock = Store.open(path), SystemClock()
    journal = Journal(store, clock)
    with open_progress(shown, clock) as progress:
        journal.subscribe(progress)
        run = await journal.begin_run("cost", "digest", "{}")
        options = RunOptions(run.id, clock, max_in_flight=_IN_FLIGHT)
        begun = time.process_time()
        outcome = await Runner(_graph(load), journal, options).run()
        await store.flush()
        spent = time.process_time() - begun
        await journal.end_run(run.id, "done", "{}")
    await store.close()
    if outcome.done + outcome.cached != load.tasks:
        raise SystemExit(f"{load.tasks} tasks expected, not {outcome}")
    return spent


def _graph(load: Load) -> Graph:
    graph = Graph()
    firsts = range(0, load.items, load.each)
    seeds = [Item(str(first), str(first)) for first in firsts]
    node = graph.source("sites", seeds, _TEXT)
    node = graph.then(_listing(load), node)
    for number in range(load.stages):
        node = graph.then(_passing(f"stage{number}"), node)
    return graph


def _listing(load: Load) -> Stage[str, str]:
    text = (_WORDS * (load.size // len(_WORDS) + 1))[: load.size]

    async def run(first: str) -> AsyncIterator[str]:
        start = int(first)
        for number in range(start, min(start + load.each, load.items)):
            yield f"https://{start}.example/pages/{number} {text}"

    return Stage("listing", run, _TEXT, identify=_url, label=_label)


def _passing(name: str) -> Stage[str, str]:
    async def run(value: str) -> AsyncIterator[str]:
        await asyncio.sleep(0)
        yield value

    return Stage(name, run, _TEXT, key={"library": "2.3.1", "reader": "1.0"})


def _url(value: str) -> str:
    return value.partition(" ")[0]


def _label(_value: str) -> dict[str, str]:
    return {"category": "tax"}


def main() -> None:
    """Measure and print a line a run."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--items", type=int, default=5_500)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--bytes", type=int, default=2_000)
    parser.add_argument("--stages", type=int, default=3)
    given = parser.parse_args()
    load = Load(given.items, given.each, given.bytes, given.stages)
    say: Callable[[str], object] = sys.stdout.write
    say(f"{load.tasks:,} tasks, {load.items:,} items of {load.size:,} bytes\n")
    for name, cost in measure(load):
        say(
            f"{name}  {cost.us:6.1f} us a task  {cost.kept_bytes / load.tasks:6.0f}"
            f" bytes a task  {cost.memory_mb:6.1f} MB at most\n"
        )


if __name__ == "__main__":
    main()
