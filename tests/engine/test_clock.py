"""VirtualClock and the machine's own clock."""

from __future__ import annotations

import asyncio
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.engine.clock import Clock, SystemClock, alarms_of, publication_time
from subak.testing.clock import VirtualClock


def test_virtual_clock_jumps_without_waiting() -> None:
    """A sleep of a day takes no real time and moves both times by a day."""
    clock = VirtualClock(1000.0)
    begun = time.monotonic()
    asyncio.run(clock.sleep(86_400))
    assert time.monotonic() - begun < 5
    assert clock.now() == 87_400.0
    assert clock.monotonic() == 86_400.0


@given(st.lists(st.integers(0, 20), max_size=12))
def test_virtual_clock_wakes_by_deadline_then_call(delays: list[int]) -> None:
    """Sleepers wake in the order of their deadlines, equal ones as they came."""
    clock = VirtualClock()
    woken: list[tuple[float, int]] = []

    async def one(number: int, delay: int) -> None:
        await clock.sleep(delay)
        woken.append((clock.monotonic(), number))

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            for number, delay in enumerate(delays):
                group.create_task(one(number, delay))

    asyncio.run(scenario())
    assert woken == sorted((float(delay), n) for n, delay in enumerate(delays))


def test_virtual_clock_lets_ready_work_finish_before_a_jump() -> None:
    """What needs a dozen turns of the loop is done before time moves."""
    clock = VirtualClock()
    seen: list[float] = []

    async def busy() -> None:
        for _ in range(12):
            await asyncio.sleep(0)
        seen.append(clock.monotonic())

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(clock.sleep(5))
            group.create_task(busy())

    asyncio.run(scenario())
    assert seen == [0.0]
    assert clock.monotonic() == 5.0


def test_virtual_clock_waits_for_other_threads_when_told_so() -> None:
    """With ``settle_s`` a real thread is heard before the jump."""
    clock = VirtualClock(settle_s=0.2)

    async def scenario() -> list[str]:
        order: list[str] = []

        async def slept() -> None:
            await clock.sleep(10)
            order.append("slept")

        async def threaded() -> None:
            await asyncio.to_thread(time.sleep, 0.01)
            await clock.sleep(1)
            order.append("threaded")

        async with asyncio.TaskGroup() as group:
            group.create_task(slept())
            group.create_task(threaded())
        return order

    assert asyncio.run(scenario()) == ["threaded", "slept"]


def test_virtual_clock_forgets_cancelled_sleepers() -> None:
    """A cancelled sleeper no longer moves time."""
    clock = VirtualClock()

    async def scenario() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await clock.sleep(1000)
        await clock.sleep(1)

    asyncio.run(scenario())
    assert clock.monotonic() == 1.0


def test_virtual_clock_only_cancelled_sleepers_leave_time_alone() -> None:
    """Time stands still when nobody sleeps any more."""
    clock = VirtualClock()

    async def scenario() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await clock.sleep(1000)
        await asyncio.sleep(0.02)

    asyncio.run(scenario())
    assert clock.monotonic() == 0.0


def test_virtual_clock_advance_wakes_who_is_due() -> None:
    """Time moved by hand wakes whoever is due, in order, and nobody else."""
    clock = VirtualClock(spins=10_000_000)
    woken: list[int] = []

    async def one(delay: int) -> None:
        await clock.sleep(delay)
        woken.append(delay)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(delay)) for delay in (9, 2, 3)]
            await asyncio.sleep(0)
            tasks[1].cancel()
            clock.advance(5)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert woken == [3]
            clock.advance(5)

    asyncio.run(scenario())
    assert woken == [3, 9]
    assert clock.monotonic() == 10.0


def test_virtual_clock_serves_several_loops_in_turn() -> None:
    """A clock whose first loop was closed in mid-sleep still works in the next."""
    clock = VirtualClock()

    async def abandoned() -> None:
        async with asyncio.TaskGroup() as group:
            sleeper = group.create_task(clock.sleep(50))
            await asyncio.sleep(0)
            sleeper.cancel()

    asyncio.run(abandoned())
    asyncio.run(clock.sleep(1))
    assert clock.monotonic() == 1.0


def test_system_clock_tells_the_machine_time() -> None:
    """The real clock sleeps and never goes back."""
    clock: Clock = SystemClock()
    before, wall = clock.monotonic(), clock.now()
    asyncio.run(clock.sleep(0.01))
    assert clock.monotonic() - before >= 0.009
    assert abs(wall - time.time()) < 60


@pytest.mark.parametrize(
    ("given_date", "expected"), [("1700000000", 1.7e9), ("", 5.0), ("soon", 5.0)]
)
def test_publication_time_obeys_source_date_epoch(
    given_date: str, expected: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fixed date of the environment replaces the present; nonsense does not."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given_date)
    assert publication_time(VirtualClock(5.0)) == expected


@pytest.mark.parametrize("clock", [VirtualClock(), SystemClock()])
def test_clock_calls_back_in_order_unless_cancelled(
    clock: VirtualClock | SystemClock,
) -> None:
    """An alarm rings once, at its time; a cancelled one never."""
    rung: list[str] = []

    async def scenario() -> None:
        clock.call_later(0.02, lambda: rung.append("second"))
        clock.call_later(0.01, lambda: rung.append("first"))
        clock.call_later(0.015, lambda: rung.append("never")).cancel()
        await clock.sleep(0.05)

    asyncio.run(scenario())
    assert rung == ["first", "second"]


def test_clock_without_alarms_gets_those_of_the_event_loop() -> None:
    """Whoever only tells the time and sleeps can still be used."""

    class Plain:
        """Has no alarms."""

        def now(self) -> float:
            """Return nothing of interest."""
            return 0.0

        def monotonic(self) -> float:
            """Return nothing of interest."""
            return 0.0

        async def sleep(self, seconds: float) -> None:
            """Do not sleep."""

    virtual = VirtualClock()
    assert alarms_of(virtual) is virtual
    assert isinstance(alarms_of(Plain()), SystemClock)
