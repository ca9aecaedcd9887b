"""The stand-in server over a real socket, asked by subak's own endpoints."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from bench.server.settings import Settings
from bench.server.stand import Stand
from subak.errors import Overloaded, SubakError
from subak.llm.model import Completion, Message, NoProgress, Prompt
from subak.llm.open import open_endpoint

Scenario = Callable[[Stand], Awaitable[None]]


def _serve(settings: Settings, scenario: Scenario) -> None:
    async def run() -> None:
        stand = Stand(asyncio.get_running_loop(), settings)
        await stand.listen()
        try:
            await scenario(stand)
        finally:
            await stand.close()

    asyncio.run(run())


async def _ask(stand: Stand, spec: str, text: str = "item-1: say it") -> Completion:
    endpoint = open_endpoint(f"{spec}@http://127.0.0.1:{stand.port}")
    try:
        return await endpoint.complete(Prompt((Message("user", text),)), NoProgress())
    finally:
        await endpoint.close()


@pytest.mark.parametrize(
    "spec", ["openai:stand-in", "ollama:stand-in", "gateway:stand-in"]
)
@pytest.mark.parametrize("streaming", ["tokens", "lump"])
def test_stand_speaks_each_dialect(spec: str, streaming: str) -> None:
    """The same answer comes through each face, token by token or in a lump."""

    async def scenario(stand: Stand) -> None:
        completion = await _ask(stand, spec)
        assert completion.text.startswith("item-1: ")
        assert len(completion.text.split()) == 13
        counts = stand.statistics.counts()
        assert (counts.calls, counts.items_good, counts.in_flight) == (1, 1, 0)

    settings = Settings(tokens_out=12, token_ms=0.1, streaming=streaming)  # type: ignore[arg-type]
    _serve(settings, scenario)


def test_stand_publishes_slots_when_told_to() -> None:
    """A probe finds the slots, and none where the server tells nothing."""

    async def scenario(stand: Stand) -> None:
        endpoint = open_endpoint(f"openai:stand-in@http://127.0.0.1:{stand.port}")
        assert (await endpoint.probe()).slots == 7
        stand.configure(Settings())
        assert (await endpoint.probe()).slots is None
        await endpoint.close()

    _serve(Settings(publishes_slots=7), scenario)


def test_stand_refuses_with_a_hint() -> None:
    """A refusal carries its Retry-After."""

    async def scenario(stand: Stand) -> None:
        with pytest.raises(Overloaded) as caught:
            await _ask(stand, "openai:stand-in")
        assert caught.value.retry_after_s == pytest.approx(1.0)

    _serve(Settings(refused=1.0, retry_after="seconds"), scenario)


def test_stand_counts_repeats_and_comes_back_from_a_restart() -> None:
    """It is gone for a while, then counts on where it was."""

    async def scenario(stand: Stand) -> None:
        await _ask(stand, "openai:stand-in")
        await asyncio.sleep(0.06)
        url = f"http://127.0.0.1:{stand.port}/bench/restart"
        async with aiohttp.ClientSession() as session:
            await (await session.post(url, data=b"0.2")).read()
        await asyncio.sleep(0.05)
        with pytest.raises(SubakError):
            await _ask(stand, "openai:stand-in")
        await asyncio.sleep(0.3)
        await _ask(stand, "openai:stand-in")
        assert stand.statistics.counts().repeat_calls == 1

    _serve(Settings(), scenario)


def test_stand_frees_the_slot_of_a_client_that_left() -> None:
    """A hung call that is cut leaves nothing behind."""

    async def scenario(stand: Stand) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await _ask(stand, "openai:stand-in")
        await asyncio.sleep(0.05)
        counts = stand.statistics.counts()
        assert (counts.in_flight, counts.by_status) == (0, {"gone": 1})
        assert stand.engine.house == 0

    _serve(Settings(token_ms=10_000), scenario)
