"""FixedLimiter: its bound, its order, and what a cancellation leaves behind."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.context import TaskContext, set_current_task
from subak.engine.events import Scalar
from subak.engine.limiter import FixedLimiter, Limiter, LimiterStatistics
from subak.errors import UserError
from subak.testing.clock import VirtualClock


class _Levels:
    """An EventSink that keeps the levels it is told."""

    def __init__(self) -> None:
        self.levels: list[Scalar] = []

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        assert (kind, data["name"], data["limit"]) == ("limiter.level", "model", 2)
        self.levels.append(data["in_use"])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(0, 2**32))
def test_limiter_never_passes_its_bound_whatever_is_cancelled(
    limit: int, seed: int
) -> None:
    """Random holders and cancellations: the bound holds and no slot is lost."""
    rng = Random(seed)
    clock = VirtualClock()
    limiter = FixedLimiter("model", limit)
    held: set[int] = set()

    async def hold(priority: int, seconds: float) -> None:
        set_current_task(TaskContext(priority=(priority, 0)))
        async with limiter.slot() as slot:
            assert slot.number not in held
            assert 1 <= slot.number <= limit
            held.add(slot.number)
            try:
                await clock.sleep(seconds)
            finally:
                held.discard(slot.number)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(30):
                task = group.create_task(hold(rng.randrange(3), rng.random()))
                await clock.sleep(rng.random() * 0.1)
                statistics = limiter.statistics()
                assert statistics.in_use == len(held) <= limit
                assert statistics.waiting == 0 or statistics.in_use == limit
                if rng.random() < 0.4:
                    task.cancel()

    asyncio.run(scenario())
    end = limiter.statistics()
    assert (end.in_use, end.waiting) == (0, 0)
    assert end.peak <= limit


def test_limiter_serves_by_priority_then_arrival() -> None:
    """The smaller priority goes first; equals are served as they came."""
    limiter = FixedLimiter("model", 1)
    served: list[str] = []

    async def call(name: str, priority: tuple[int, int]) -> None:
        set_current_task(TaskContext(item=name, priority=priority))
        async with limiter.slot():
            served.append(name)
            await asyncio.sleep(0)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group, limiter.slot():
            for name, priority in [
                ("early", (-1, 5)),
                ("late stage", (-3, 9)),
                ("same", (-1, 5)),
                ("first root", (-1, 2)),
            ]:
                group.create_task(call(name, priority))
            await asyncio.sleep(0)
            assert limiter.statistics().waiting == 4

    asyncio.run(scenario())
    assert served == ["late stage", "first root", "early", "same"]


def test_limiter_hands_out_the_smallest_free_number() -> None:
    """Slot numbers stay small, so that a display needs only as many lines."""
    limiter = FixedLimiter("model", 3)

    async def scenario() -> list[int]:
        async with limiter.slot() as first:
            async with limiter.slot() as second, limiter.slot() as third:
                numbers = [first.number, second.number, third.number]
            async with limiter.slot() as again:
                return [*numbers, again.number]

    assert asyncio.run(scenario()) == [1, 2, 3, 2]


def test_limiter_passes_on_a_slot_whose_waiter_is_cancelled() -> None:
    """A slot handed over in the very moment of a cancel reaches the next waiter."""
    limiter = FixedLimiter("model", 1)
    served: list[str] = []

    async def call(name: str) -> None:
        async with limiter.slot():
            served.append(name)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            async with limiter.slot():
                unlucky = group.create_task(call("unlucky"))
                group.create_task(call("next"))
                await asyncio.sleep(0)
            unlucky.cancel()  # granted, but not woken yet

    asyncio.run(asyncio.wait_for(scenario(), 5))
    assert served == ["next"]
    assert limiter.statistics().in_use == 0


def test_limiter_frees_the_slot_of_a_failing_holder() -> None:
    """An error inside the block gives the slot back."""
    limiter: Limiter = FixedLimiter("model", 1)

    async def scenario() -> None:
        with pytest.raises(ValueError, match="broken"):
            async with limiter.slot():
                raise ValueError("broken")
        async with limiter.slot() as slot:
            slot.first_token()
            slot.tokens(3)

    asyncio.run(scenario())
    assert limiter.statistics() == LimiterStatistics("model", 1, 0, 0, 1)


def test_limiter_tells_changes_of_its_level_only() -> None:
    """A slot that goes from hand to hand is no change of the level."""
    levels = _Levels()
    limiter = FixedLimiter("model", 2, levels)

    async def call() -> None:
        async with limiter.slot():
            await asyncio.sleep(0)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(6):
                group.create_task(call())

    asyncio.run(scenario())
    assert levels.levels == [1, 2, 1, 0]
    assert limiter.statistics().peak == 2


def test_limiter_refuses_a_limit_of_none() -> None:
    """A limit below one is a mistake with a way out."""
    with pytest.raises(UserError) as caught:
        FixedLimiter("model", 0)
    assert caught.value.where == "model"
    assert "1 or more" in caught.value.hint
