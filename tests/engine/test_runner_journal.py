"""The runner on the real journal: what is on the disk is enough to go on."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from subak.engine.clock import SystemClock
from subak.engine.graph import Graph
from subak.engine.journal import Journal
from subak.engine.options import RunOptions
from subak.engine.outcome import Outcome
from subak.engine.runner import Runner
from subak.engine.stage import Group, Item, Stage
from subak.engine.store import Store
from subak.errors import InvalidAnswer
from subak.knowledge.codec import JsonCodec
from subak.testing.crash import CrashAt

TEXT = JsonCodec(str)
ITEMS = [Item(f"i{n}", f"v{n}", {"colour": "rb"[n % 2]}) for n in range(12)]

CRASHING = """
import asyncio, sys
sys.path.insert(0, sys.argv[1])
import test_runner_journal as here
from pathlib import Path
asyncio.run(here.run(Path(sys.argv[2]), [], crash_at=int(sys.argv[3])))
"""


def _graph(calls: list[str]) -> Graph:
    async def work(value: str) -> AsyncIterator[str]:
        calls.append(value)
        await asyncio.sleep(0)
        if value == "v3":
            raise InvalidAnswer("never")
        yield value.upper()

    async def merge(group: Group) -> AsyncIterator[str]:
        calls.append(group.name)
        yield " ".join(str(member.item.value) for member in group.members)

    graph = Graph()
    node = graph.then(Stage("work", work, TEXT), graph.source("s", ITEMS, TEXT))
    graph.then(Stage("merge", merge, TEXT), graph.gather("by", node, by="colour"))
    return graph


async def run(path: Path, calls: list[str], *, crash_at: int = 0) -> Outcome:
    """Run the graph on the journal at that path, maybe killed at an event."""
    clock = SystemClock()
    store = Store.open(path)
    try:
        journal = Journal(store, clock)
        if crash_at:
            journal.subscribe(CrashAt(crash_at))
        record = await journal.begin_run("recipe", "digest", "{}")
        options = RunOptions(record.id, clock, max_in_flight=4)
        outcome = await Runner(_graph(calls), journal, options).run()
        await journal.end_run(record.id, "partial", "{}")
        return outcome
    finally:
        await store.close()


def _results(path: Path) -> dict[str, bytes]:
    async def scenario() -> dict[str, bytes]:
        store = Store.open(path)
        journal = Journal(store, SystemClock())
        keys = [row[0] for row in store.read().execute("SELECT key FROM result")]
        found = {key: journal.find_result(key) or b"damaged" for key in keys}
        await store.close()
        return found

    return asyncio.run(scenario())


def test_runner_on_the_real_journal_computes_nothing_twice(tmp_path: Path) -> None:
    """The second run calls nothing but what failed."""
    path, calls = tmp_path / "journal.db", list[str]()
    first = asyncio.run(run(path, calls))
    assert (first.done, first.failed) == (13, 1)
    assert len(calls) == 14
    calls.clear()
    second = asyncio.run(run(path, calls))
    assert (second.done, second.cached, second.failed) == (0, 13, 1)
    assert calls == ["v3"]


@pytest.mark.parametrize("event", [2, 9, 21])
def test_runner_goes_on_after_a_kill(tmp_path: Path, event: int) -> None:
    """Killed at an event, the next run does the rest, and the results are the same."""
    path, whole = tmp_path / "journal.db", tmp_path / "whole.db"
    asyncio.run(run(whole, []))
    here = str(Path(__file__).parent)
    killed = subprocess.run(
        [sys.executable, "-c", CRASHING, here, str(path), str(event)],
        timeout=50,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    committed = len(_results(path))
    calls: list[str] = []
    outcome = asyncio.run(run(path, calls))
    assert outcome.cached == committed
    assert len(calls) == 14 - committed
    assert _results(path) == _results(whole)
