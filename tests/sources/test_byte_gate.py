"""ByteGate: bounded memory for all bodies together, and no deadlock."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.sources.byte_gate import ByteGate, Load


async def grow(gate: ByteGate, load: Load, size: int) -> None:
    """Take bytes, waiting where that is needed."""
    if not gate.take(load, size):
        await gate.wait(load, size)


@given(
    bodies=st.lists(
        st.lists(st.integers(min_value=1, max_value=25), max_size=4),
        min_size=1,
        max_size=30,
    ),
    limit=st.integers(min_value=100, max_value=400),
)
def test_gate_never_exceeds_its_limit_and_always_ends(
    bodies: list[list[int]], limit: int
) -> None:
    """Whatever bodies grow at once, all come to their end within the limit."""
    gate = ByteGate(limit, largest=100)
    held = 0
    peak = 0

    async def body(pieces: list[int]) -> None:
        nonlocal held, peak
        load = Load()
        taken = 0
        try:
            for size in pieces:
                await grow(gate, load, size)
                taken += size
                held += size
                peak = max(peak, held)
                await asyncio.sleep(0)
        finally:
            held -= taken
            gate.free(load)

    async def scenario() -> None:
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            for pieces in bodies:
                group.create_task(body(pieces))

    asyncio.run(scenario())
    assert held == 0
    assert peak <= max(limit, 200)


def test_gate_cancelled_waiter_leaves_nothing_behind() -> None:
    """Who gives up while waiting neither holds bytes nor blocks the next."""

    async def scenario() -> None:
        gate = ByteGate(200, largest=100)
        first, express, third = Load(), Load(), Load()
        assert gate.take(first, 100)
        assert gate.take(express, 50)
        assert not gate.take(third, 10)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await gate.wait(third, 10)
        gate.free(third)
        gate.free(first)
        gate.free(express)
        assert gate.take(Load(), 100)

    asyncio.run(scenario())
