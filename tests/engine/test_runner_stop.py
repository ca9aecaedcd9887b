"""The runner when it is to stop: drained, cancelled, cut short."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from subak.engine.outcome import Outcome
from subak.engine.retry import RetryPolicy
from subak.errors import Interrupted, TimedOut
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal
from tests.engine.world import World


async def _copy(value: str) -> AsyncIterator[str]:
    yield value


def test_drain_finishes_what_is_in_flight_and_begins_nothing() -> None:
    """Results in flight are committed; the rest is left for the next run."""
    world = World()

    async def run(value: str) -> AsyncIterator[str]:
        if value == "b":
            runner.drain()
            runner.drain()
        await world.clock.sleep(5)
        yield value

    runner = world.runner(world.graph(run), places=2)
    outcome = asyncio.run(runner.run())
    assert outcome == Outcome(2, 0, 0, 0, (), interrupted=True)
    assert [t.item for t in world.journal.tasks] == ["a", "b"]
    assert [e.kind for e in world.journal.events].count("run.draining") == 1
    assert world.ends == []


def test_drain_before_the_run_does_nothing() -> None:
    """A run that is to stop at once has nothing done."""
    world = World()
    runner = world.runner(world.graph(_copy))
    runner.drain()
    outcome = asyncio.run(runner.run())
    assert outcome == Outcome(0, 0, 0, 0, (), interrupted=True)


@pytest.mark.parametrize("is_first", [True, False])
def test_drain_gives_up_waiting_for_retries(is_first: bool) -> None:
    """Who waits for another attempt, or would have to, is left for the next run."""
    world = World()

    async def run(value: str) -> AsyncIterator[str]:
        await world.clock.sleep({"a": 1, "b": 2, "c": 60}[value])
        if value == ("a" if is_first else "b"):
            raise TimedOut("slow")
        if value == ("b" if is_first else "a"):
            runner.drain()
        yield value

    patient = RetryPolicy(attempts=9, first_s=500.0, cap_s=500.0, deadline_s=1e6)
    runner = world.runner(world.graph(run), retry=patient)
    outcome = asyncio.run(runner.run())
    assert (outcome.done, outcome.failed, outcome.interrupted) == (2, 0, True)
    assert world.clock.monotonic() == 60
    assert len(world.journal.attempts) == 1


def test_drain_leaves_a_task_that_would_have_to_begin_more() -> None:
    """A task whose next call is not sent any more is neither failed nor done."""
    world = World()

    async def run(value: str) -> AsyncIterator[str]:
        await world.clock.sleep(1)
        if value == "a":
            runner.drain()
            raise Interrupted("not sent any more")
        await world.clock.sleep(5)
        yield value

    runner = world.runner(world.graph(run), places=3)
    outcome = asyncio.run(runner.run())
    assert outcome == Outcome(2, 0, 0, 0, (), interrupted=True)
    assert [t.item for t in world.journal.tasks] == ["b", "c"]
    assert world.journal.attempts == []


def test_interruption_that_nobody_asked_for_ends_the_run() -> None:
    """Without a drain it is no ordinary end of a task."""
    world = World()

    async def run(value: str) -> AsyncIterator[str]:
        if value:
            raise Interrupted("stopped")
        yield value

    with pytest.raises(Interrupted):
        asyncio.run(world.runner(world.graph(run)).run())


def test_cancelled_run_commits_nothing_half() -> None:
    """The second Ctrl-C cancels tasks in flight, and the cancellation gets through."""
    world = World()
    begun = asyncio.Event()

    async def run(value: str) -> AsyncIterator[str]:
        yield value
        begun.set()
        await world.clock.sleep(1000)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(world.runner(world.graph(run)).run())
            await begun.wait()
            task.cancel()
        assert task.cancelled()

    asyncio.run(scenario())
    assert (world.journal.results, world.journal.tasks) == ({}, [])


def test_stage_that_swallows_a_cancellation_does_not_keep_the_run_going() -> None:
    """After a cancellation nothing new begins, even if a stage ignores it."""
    world = World()
    begun = asyncio.Event()

    async def run(value: str) -> AsyncIterator[str]:
        begun.set()
        try:
            await world.clock.sleep(1000)
        except asyncio.CancelledError:
            yield value

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            runner = world.runner(world.graph(run), places=1)
            task = group.create_task(runner.run())
            await begun.wait()
            task.cancel()
        assert task.cancelled()

    asyncio.run(scenario())
    assert [t.item for t in world.journal.tasks] == ["a"]
    assert world.ends == []


def test_cancellation_that_nobody_asked_for_is_one_bad_attempt() -> None:
    """A cancelled future inside a stage is tried again like a lost connection."""
    world = World()
    cancelled: list[str] = []

    async def run(value: str) -> AsyncIterator[str]:
        if value == "b" and not cancelled:
            cancelled.append(value)
            raise asyncio.CancelledError
        yield value

    outcome = world.run(world.graph(run))
    assert (outcome.done, outcome.interrupted) == (6, False)
    assert [a.error for a in world.journal.attempts] == ["CancelledError"]


def test_commit_that_is_cancelled_leaves_the_run_resumable() -> None:
    """If the journal cancels a commit, the run says that it is not complete."""

    class Closing(MemoryJournal):
        def emit(self, kind: str, **data: object) -> None:
            if kind == "task.done":
                raise asyncio.CancelledError

    world = World(Closing(VirtualClock()))
    outcome = world.run(world.graph(_copy), places=1)
    assert outcome.interrupted
    assert outcome.done == 1
