"""Lone: a server behind a limiter from outside fares no worse when it goes away."""

from __future__ import annotations

import asyncio

from subak.engine.limiter import FixedLimiter
from subak.errors import Interrupted, Overloaded, Unreachable
from subak.llm.client import Model
from subak.llm.ledger import Ledger
from subak.llm.lone import Lone
from subak.llm.member import Member
from subak.llm.model import Prompt
from subak.testing.clock import VirtualClock
from tests.llm.fake_servers import FakeJournal, FakeServer, Job

TEXTS = [f"item {number}" for number in range(20)]


def _job(server: FakeServer, limit: int = 4) -> Job:
    clock, journal = server.clock, FakeJournal()
    ledger = Ledger(journal, clock)
    limiter = FixedLimiter("fixed", limit)
    lone = Lone(Member(server, clock), limiter, ledger, clock)
    return Job(clock, Model.of(lone, ledger, clock), journal)


def test_server_that_restarts_costs_no_item() -> None:
    """It is looked for until it is back."""
    clock = VirtualClock()

    async def scenario() -> None:
        server = FakeServer(clock)
        it = _job(server)
        async with asyncio.TaskGroup() as group:
            group.create_task(it.ask_all(TEXTS))
            await clock.sleep(1.55)
            await server.crash_for(5.0)
        assert it.failed == {}
        assert sorted(it.done) == sorted(TEXTS)
        assert it.journal.flights == []

    asyncio.run(scenario())


def test_server_that_is_gone_for_a_minute_ends_the_run() -> None:
    """Everybody is told, nobody waits for ever."""
    clock = VirtualClock()

    async def scenario() -> None:
        server = FakeServer(clock)
        it = _job(server)
        async with asyncio.TaskGroup() as group:
            group.create_task(it.ask_all(TEXTS))
            await clock.sleep(1.55)
            crash = group.create_task(server.crash_for(10_000))
            await clock.sleep(120)
            crash.cancel()
        assert len(it.done) + len(it.failed) == len(TEXTS)
        assert {type(error) for error in it.failed.values()} == {Unreachable}

    asyncio.run(scenario())


def test_refused_call_waits_longer_each_time() -> None:
    """Without a tuner the call itself holds back; no item fails."""
    clock = VirtualClock()

    async def refuse(prompt: Prompt, number: int) -> None:
        if number <= 12:
            raise Overloaded("busy")

    async def scenario() -> None:
        it = _job(FakeServer(clock, fault=refuse))
        seconds = await it.ask_all(["one"])
        assert it.failed == {}
        assert seconds > 10

    asyncio.run(scenario())


def test_drain_finishes_calls_under_way_and_sends_none_that_wait() -> None:
    """Who waits for a place is told at once; what was sent is answered and kept."""
    clock = VirtualClock()

    async def scenario() -> None:
        server = FakeServer(clock, slots=2, published=2)
        it = _job(server)
        async with asyncio.TaskGroup() as group:
            group.create_task(it.ask_all(TEXTS))
            await clock.sleep(1.5)
            sent = len(server.asked)
            assert sent < len(TEXTS)
            it.model.drain()
        assert len(server.asked) == sent == len(it.done)
        assert {type(error) for error in it.failed.values()} == {Interrupted}
        assert it.journal.flights == []

    asyncio.run(scenario())
