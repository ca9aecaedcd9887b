"""Aside: blocking work beside the loop, in order, told when it fails."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from subak.engine.aside import Aside


def test_work_is_done_in_order_and_elsewhere() -> None:
    """One thread, not the loop's; finish waits for all."""
    done: list[tuple[int, str]] = []
    aside = Aside("beside")

    def work(number: int) -> None:
        time.sleep(0.005 * (3 - number))
        done.append((number, threading.current_thread().name))

    for number in range(3):
        aside.post(lambda number=number: work(number))  # type: ignore[misc]
    aside.finish()
    assert [number for number, _ in done] == [0, 1, 2]
    assert all(name.startswith("beside") for _, name in done)


def test_loop_goes_on_while_something_blocks() -> None:
    """What is awaited comes back; others had their turns meanwhile."""

    async def scenario() -> tuple[str, int]:
        aside, turns = Aside("beside"), 0

        def slow() -> str:
            time.sleep(0.1)
            return "done"

        async def count() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0.005)

        async with asyncio.TaskGroup() as group:
            counting = group.create_task(count())
            result = await aside.do(slow)
            counting.cancel()
        await aside.close()
        return result, turns

    result, turns = asyncio.run(scenario())
    assert result == "done"
    assert turns > 2


def test_failure_of_posted_work_is_told_at_the_end() -> None:
    """The first one; later work is done all the same."""
    aside = Aside("beside")
    done: list[int] = []
    aside.post(lambda: [][1])
    aside.post(lambda: done.append(1))
    with pytest.raises(IndexError):
        aside.finish()
    assert done == [1]
    aside.finish()


def test_failure_of_awaited_work_is_raised_there() -> None:
    """Whoever waits for it gets it."""

    async def scenario() -> None:
        aside = Aside("beside")
        try:
            await aside.do(lambda: dict[str, int]()["x"])
        finally:
            await aside.close()

    with pytest.raises(KeyError):
        asyncio.run(scenario())
