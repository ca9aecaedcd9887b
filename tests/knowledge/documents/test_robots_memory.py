"""RobotsMemory: an answer of today is found in the next run, an older one is not."""

from __future__ import annotations

import asyncio
from pathlib import Path

from subak.engine.store import Store
from subak.knowledge.documents.robots_memory import KEPT_S, RobotsMemory
from subak.sources.client import FetchClient
from subak.sources.polite import Polite
from subak.sources.request import Request
from subak.testing.clock import VirtualClock
from subak.testing.site import FakePage, FakeSite


def test_robots_memory_keeps_a_day_and_the_latest(tmp_path: Path) -> None:
    """What was kept is found until a day is over, across runs; the last one counts."""
    clock = VirtualClock()

    async def scenario() -> None:
        for _ in range(2):
            store = Store.open(tmp_path / "journal.db")
            memory = RobotsMemory(store, clock)
            await memory.open()
            memory.keep("http://a.example", 404, b"")
            memory.keep("http://a.example", 200, b"User-agent: *")
            await store.flush()
            await store.close()
        store = Store.open(tmp_path / "journal.db")
        memory = RobotsMemory(store, clock)
        assert memory.find("http://a.example") == (200, b"User-agent: *")
        assert memory.find("http://b.example") is None
        clock.advance(KEPT_S - 1)
        assert memory.find("http://a.example") is not None
        clock.advance(1)
        assert memory.find("http://a.example") is None
        clock.advance(-2 * KEPT_S)  # a clock that was set back says nothing
        assert memory.find("http://a.example") is None
        await store.close()

    asyncio.run(scenario())


def test_polite_asks_for_robots_once_a_day(tmp_path: Path) -> None:
    """A second run reads the rules from the workspace; failures are not kept."""
    robots = FakePage("User-agent: *\nDisallow: /x", content_type="text/plain")
    site = FakeSite({"/page": "text", "/robots.txt": robots})
    broken = FakeSite({"/robots.txt": FakePage(status=500)}, address="127.0.0.2")
    clock = VirtualClock(settle_s=0.02)

    async def run_once(store: Store) -> None:
        memory = RobotsMemory(store, clock)
        await memory.open()
        client = FetchClient("subak/test", clock)
        polite = Polite(client, clock, memory=memory)
        request = Request(site.url("/page"), allow_hosts=("127.0.0.0/8",))
        await polite.fetch(request)
        rules = await polite.rules(request)
        assert not rules.allows(site.url("/x"))
        down = Request(broken.url("/"), allow_hosts=("127.0.0.0/8",))
        assert (await polite.rules(down)).denial
        await client.close()
        await store.flush()

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        async with site, broken:
            await run_once(store)
            await run_once(store)
        await store.close()

    asyncio.run(scenario())
    assert [seen.path for seen in site.requests].count("/robots.txt") == 1
    assert len(broken.requests) == 2
