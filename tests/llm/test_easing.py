"""Easing: a model held back from outside, and let go again."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from subak.engine.clock import SystemClock
from subak.engine.journal import Journal
from subak.engine.steady_clock import SteadyClock
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from subak.llm.client import Model
from subak.llm.model import Message, Prompt
from subak.llm.open_model import open_model
from subak.testing.model_server import FakeModelServer, FakeSettings


def _prompt(number: int) -> Prompt:
    return Prompt((Message("user", f"say {number} words of it"),), max_tokens=20)


async def _ask(model: Model, numbers: range) -> None:
    async with asyncio.TaskGroup() as group:
        for number in numbers:
            group.create_task(model.complete(_prompt(number)))


@pytest.mark.parametrize("most", [1, 2])
def test_no_more_calls_than_the_bound_run_at_once(tmp_path: Path, most: int) -> None:
    """Whatever the tuner would let through; what it found counts again afterwards."""

    async def scenario() -> tuple[int, int]:
        settings = FakeSettings(slots=4, token_s=0.002)
        async with FakeModelServer(settings=settings) as server:
            store = Store.open(Workspace(tmp_path).journal)
            clock = SteadyClock(SystemClock())
            journal = Journal(store, clock)
            model = open_model(
                f"openai:fake@{server.url}/v1", journal=journal, clock=clock
            )
            model.ease(most)
            await _ask(model, range(8))
            eased = server.peak
            model.ease(None)
            await _ask(model, range(8, 24))
            await model.close()
            await store.close()
            return eased, server.peak

    eased, free = asyncio.run(scenario())
    assert eased == most
    assert free > most


def test_paused_model_waits_and_goes_on(tmp_path: Path) -> None:
    """With a bound of 0 nothing is sent; lifted, everything is answered."""

    async def scenario() -> tuple[int, int]:
        async with FakeModelServer() as server:
            store = Store.open(Workspace(tmp_path).journal)
            clock = SteadyClock(SystemClock())
            journal = Journal(store, clock)
            model = open_model(
                f"openai:fake@{server.url}/v1", journal=journal, clock=clock
            )
            model.ease(0)
            async with asyncio.TaskGroup() as group:
                group.create_task(_ask(model, range(3)))
                await asyncio.sleep(0.2)
                waiting = len(server.asked)
                model.ease(None)
            await model.close()
            await store.close()
            return waiting, len(server.asked)

    assert asyncio.run(scenario()) == (0, 3)
