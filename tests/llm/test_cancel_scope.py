"""CancelScope: what others end, what is too late, and whose cancellation it is."""

from __future__ import annotations

import asyncio

import pytest

from subak.llm.cancel_scope import CancelScope


def test_cut_ends_what_is_waited_for() -> None:
    """It looks like a timeout, and the task goes on as if it had never happened."""

    async def scenario() -> None:
        cut = CancelScope()
        asyncio.get_running_loop().call_soon(cut.make)
        with pytest.raises(TimeoutError), cut:
            await asyncio.sleep(60)
        task = asyncio.current_task()
        assert task is not None
        assert not task.cancelling()
        await asyncio.sleep(0)

    asyncio.run(scenario())


def test_cut_leaves_what_has_just_ended() -> None:
    """What came in the same moment is not thrown away."""

    async def scenario() -> str:
        cut = CancelScope()
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def both() -> None:
            answer.set_result("whole")
            cut.make()

        asyncio.get_running_loop().call_soon(both)
        with cut:
            text = await answer
        cut.make()
        await asyncio.sleep(0)
        return text

    assert asyncio.run(scenario()) == "whole"


def test_cut_passes_cancellation_on() -> None:
    """Who cancels the task is not answered with a timeout, cut or not."""

    async def scenario(is_cut: bool) -> None:
        cut = CancelScope()

        async def work() -> None:
            with cut:
                await asyncio.sleep(60)

        task = asyncio.create_task(work())
        await asyncio.sleep(0)
        if is_cut:
            cut.make()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled()

    asyncio.run(scenario(is_cut=False))
    asyncio.run(scenario(is_cut=True))


def test_cut_keeps_what_the_end_itself_raised() -> None:
    """An error on the way out is the error; the cancellation is over nevertheless."""

    async def scenario() -> int:
        cut = CancelScope()
        asyncio.get_running_loop().call_soon(cut.make)

        async def break_off() -> None:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                raise KeyError from None

        with pytest.raises(KeyError), cut:
            await break_off()
        task = asyncio.current_task()
        return task.cancelling() if task else -1

    assert asyncio.run(scenario()) == 0
