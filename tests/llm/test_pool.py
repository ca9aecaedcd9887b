"""Pool: several servers, faults of theirs, and what becomes of the calls."""

from __future__ import annotations

import asyncio
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from subak.errors import (
    ConnectionLost,
    Exhausted,
    Interrupted,
    Overloaded,
    ServerFailed,
    Unreachable,
    UserError,
)
from subak.llm.model import Completion, EndpointInfo, Progress, Prompt
from subak.testing.clock import VirtualClock
from tests.llm.fake_servers import FakeServer, Job, job

TEXTS = [f"item {number}" for number in range(24)]


def _all_done(it: Job) -> None:
    assert it.failed == {}
    assert sorted(it.done) == sorted(TEXTS)


def test_refused_call_waits_at_the_gate_and_costs_no_attempt() -> None:
    """However often a server says 429, no item fails and none is asked twice."""
    clock = VirtualClock()

    async def refuse(prompt: Prompt, number: int) -> None:
        if number % 2:
            raise Overloaded("busy", retry_after_s=0.5, is_rate_limit=True)

    async def scenario() -> None:
        server = FakeServer(clock, fault=refuse)
        it = job([server])
        await it.ask_all(TEXTS)
        _all_done(it)
        assert len(server.answered) == len(set(server.answered)) == len(TEXTS)
        assert set(it.journal.errors()) == {"Overloaded"}

    asyncio.run(scenario())


def test_call_refused_by_all_for_long_is_still_answered() -> None:
    """Twenty refusals in a row are no failure of the item."""
    clock = VirtualClock()

    async def refuse(prompt: Prompt, number: int) -> None:
        if number <= 20:
            raise Overloaded("busy", retry_after_s=1.0)

    async def scenario() -> None:
        it = job([FakeServer(clock, fault=refuse)])
        await it.ask("one")
        assert it.failed == {}
        assert len(it.journal.attempts) == 20

    asyncio.run(scenario())


def test_poisoned_item_fails_alone_after_six_failures() -> None:
    """The others are answered; the error says where each try can be read."""
    clock = VirtualClock()

    async def poison(prompt: Prompt, number: int) -> None:
        if prompt.messages[-1].content == "item 7":
            raise ServerFailed("HTTP 500", where="http://m")

    async def scenario() -> None:
        server = FakeServer(clock, fault=poison)
        it = job([server])
        await it.ask_all(TEXTS)
        assert list(it.failed) == ["item 7"]
        assert isinstance(it.failed["item 7"], Exhausted)
        assert "logs --failed" in it.failed["item 7"].hint
        assert server.asked.count("item 7") == 6
        assert [each.number for each in it.journal.attempts] == [1, 2, 3, 4, 5, 6]

    asyncio.run(scenario())


def test_poison_that_resets_the_connection_fails_alone_too() -> None:
    """A server that is there, and loses just this call, is not to blame."""
    clock = VirtualClock()

    async def poison(prompt: Prompt, number: int) -> None:
        if prompt.messages[-1].content == "item 3":
            raise ConnectionLost("reset", where="http://m")

    async def scenario() -> None:
        it = job([FakeServer(clock, fault=poison)])
        await it.ask_all(TEXTS)
        assert list(it.failed) == ["item 3"]
        assert isinstance(it.failed["item 3"], Exhausted)

    asyncio.run(scenario())


def test_server_that_restarts_costs_no_item() -> None:
    """Away for five seconds, twice: all is answered, none exhausted, limit kept."""
    clock = VirtualClock()

    async def scenario() -> None:
        server = FakeServer(clock)
        it = job([server])
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(it.ask_all(TEXTS))
            for _ in range(2):
                await clock.sleep(1.55)
                await server.crash_for(5.0)
        _all_done(it)
        assert asked.result() < 40
        assert max(each.number for each in it.journal.attempts) <= 3
        (statistics,) = it.model.statistics().endpoints
        assert statistics.limit >= server.slots

    asyncio.run(scenario())


def test_no_server_at_all_ends_the_run_at_once() -> None:
    """The first look finds nobody: Unreachable, without waiting a minute."""
    clock = VirtualClock()

    async def scenario() -> None:
        it = job([FakeServer(clock, is_down=True)])
        await it.ask("one")
        assert isinstance(it.failed["one"], Unreachable)
        assert clock.monotonic() < 1

    asyncio.run(scenario())


def test_server_that_goes_for_good_ends_the_run_after_a_minute() -> None:
    """All who wait are told."""
    clock = VirtualClock()

    async def scenario() -> None:
        server = FakeServer(clock)
        it = job([server])
        async with asyncio.TaskGroup() as group:
            group.create_task(it.ask_all(TEXTS))
            await clock.sleep(1.5)
            crash = group.create_task(server.crash_for(10_000))
            await clock.sleep(200)
            crash.cancel()
        assert it.failed
        for error in it.failed.values():
            assert isinstance(error, Unreachable)
        assert len(it.done) + len(it.failed) == len(TEXTS)
        assert it.model.statistics().endpoints[0].waiting == 0

    asyncio.run(scenario())


def test_wrong_model_name_ends_the_run() -> None:
    """A server that has no such model is a mistake to mend, not to wait for."""

    class Other(FakeServer):
        """Has another model."""

        async def probe(self) -> EndpointInfo:
            """Say so."""
            raise UserError("no such model", hint="it has: b")

    async def scenario() -> None:
        it = job([Other(VirtualClock())])
        await it.ask("one")
        assert isinstance(it.failed["one"], UserError)

    asyncio.run(scenario())


def test_calls_of_a_resting_server_go_to_the_others() -> None:
    """Of two servers one dies: the other does all the rest."""
    clock = VirtualClock()

    async def scenario() -> None:
        dying, other = FakeServer(clock, "a"), FakeServer(clock, "b")
        it = job([dying, other])
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(it.ask_all(TEXTS))
            await clock.sleep(0.55)
            crash = group.create_task(dying.crash_for(10_000))
            await asyncio.wait([asked])
            crash.cancel()
        _all_done(it)
        assert asked.result() < 15

    asyncio.run(scenario())


def test_faster_server_gets_more() -> None:
    """Both work all the time; the job ends sooner than on either alone."""
    clock = VirtualClock()

    async def scenario() -> None:
        fast = FakeServer(clock, "a", token_s=0.05)
        slow = FakeServer(clock, "b", token_s=0.2)
        it = job([fast, slow])
        seconds = await it.ask_all(TEXTS)
        _all_done(it)
        assert len(fast.answered) > 2 * len(slow.answered) > 0
        assert seconds < 6

    asyncio.run(scenario())


def test_straggler_is_copied_to_an_idle_server_and_the_loser_cancelled() -> None:
    """The first answer wins, is journaled once, and counts as no repeat."""
    clock = VirtualClock()

    async def scenario() -> None:
        fast = FakeServer(clock, "a", token_s=0.05)
        slow = FakeServer(clock, "b", token_s=3.0)
        it = job([fast, slow])
        seconds = await it.ask_all(TEXTS[:12])
        assert it.failed == {}
        assert sorted(it.done) == sorted(TEXTS[:12])
        assert seconds < 12
        assert slow.cancelled
        assert it.journal.puts == 12
        assert it.journal.flights == []
        assert it.journal.attempts == []
        sent = [data for kind, data in it.journal.events if kind == "call.sent"]
        assert not any(data["repeated"] for data in sent)
        for statistics in it.model.statistics().endpoints:
            assert statistics.in_use == 0

    asyncio.run(scenario())


def test_copy_that_loses_is_cancelled() -> None:
    """The call's own server answers first after all."""
    clock = VirtualClock()

    async def scenario() -> None:
        slow = FakeServer(clock, "b", token_s=1.0)

        async def hang_on_copies(prompt: Prompt, number: int) -> None:
            if prompt.messages[-1].content in slow.asked:
                await clock.sleep(1_000)

        fast = FakeServer(clock, "a", token_s=0.05, fault=hang_on_copies)
        it = job([fast, slow])
        seconds = await it.ask_all(TEXTS[:12])
        assert it.failed == {}
        assert seconds < 30
        assert fast.cancelled
        assert it.journal.puts == 12
        assert it.journal.flights == []
        assert it.journal.attempts == []

    asyncio.run(scenario())


def test_cap_holds_for_all_servers_together() -> None:
    """--max-parallel bounds the model, not each of its servers."""
    clock = VirtualClock()
    at_once = peak = 0

    class Counting(FakeServer):
        """Counts over all of its kind."""

        async def complete(self, prompt: Prompt, progress: Progress) -> Completion:
            """Count while it is at it."""
            nonlocal at_once, peak
            at_once += 1
            peak = max(peak, at_once)
            try:
                return await super().complete(prompt, progress)
            finally:
                at_once -= 1

    async def scenario() -> None:
        it = job([Counting(clock, "a"), Counting(clock, "b")], cap=3)
        await it.ask_all(TEXTS)
        _all_done(it)
        assert peak == 3

    asyncio.run(scenario())


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32))
def test_no_slot_and_no_flight_is_lost_whatever_happens(seed: int) -> None:
    """Random faults, crashes and cancellations at any moment: all ends in order."""
    rng = Random(seed)
    clock = VirtualClock()
    faults = [Overloaded("busy"), ServerFailed("500"), ConnectionLost("reset")]

    async def fail(prompt: Prompt, number: int) -> None:
        if rng.random() < 0.2:
            await clock.sleep(rng.random() * 0.2)
            raise rng.choice(faults)

    async def scenario() -> None:
        servers = [FakeServer(clock, name, fault=fail) for name in "abc"]
        servers[1].token_s = 1.0
        it = job(servers[:2], servers[2:], cap=rng.choice([None, 3]))
        async with asyncio.TaskGroup() as group:
            tasks = []
            for text in TEXTS:
                tasks.append(group.create_task(it.ask(text)))
                await clock.sleep(rng.random() * 0.2)
                if rng.random() < 0.2:
                    rng.choice(tasks).cancel()
            crash = group.create_task(servers[0].crash_for(rng.random() * 9))
            await asyncio.wait([*tasks, crash])
        cancelled = sum(task.cancelled() for task in tasks)
        assert len(it.done) + len(it.failed) + cancelled == len(TEXTS)
        for statistics in it.model.statistics().endpoints:
            assert (statistics.in_use, statistics.waiting) == (0, 0)
        assert it.journal.flights == []
        assert it.journal.puts == len(it.journal.calls)
        assert [server.running for server in servers] == [0, 0, 0]

    asyncio.run(scenario())


def test_cancelled_job_leaves_no_slot_taken() -> None:
    """Whoever is cancelled, waiting, sent or copied, gives its place back."""
    clock = VirtualClock()

    async def scenario() -> None:
        servers = [FakeServer(clock, "a"), FakeServer(clock, "b", token_s=2.0)]
        it = job(servers)
        async with asyncio.TaskGroup() as group:
            asked = group.create_task(it.ask_all(TEXTS))
            await clock.sleep(3.3)
            asked.cancel()
        assert [server.running for server in servers] == [0, 0]
        for statistics in it.model.statistics().endpoints:
            assert (statistics.in_use, statistics.waiting) == (0, 0)
        assert it.journal.flights == []

    asyncio.run(scenario())


def test_drain_finishes_calls_under_way_and_sends_none_that_wait() -> None:
    """Who waits for a place is told at once; what was sent is answered and kept."""
    clock = VirtualClock()

    async def scenario() -> None:
        server = FakeServer(clock, slots=2, published=2)
        it = job([server])
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
