"""detect: servers on this machine are found quickly, whatever else listens there."""

from __future__ import annotations

import asyncio
import time

from subak.llm.detect import USUAL_PLACES, Found, Place, detect
from subak.testing.model_server import FakeModelServer, FakeSettings


def test_detect_finds_each_kind_of_server() -> None:
    """Models become specs that can be typed; slots and context are told."""

    async def scenario() -> tuple[str, tuple[Found, ...]]:
        settings = FakeSettings(models=("m",), slots=2, context_tokens=2048)
        async with FakeModelServer(settings=settings) as server:
            port = int(server.url.rpartition(":")[2])
            places = [
                Place(port, provider, provider)
                for provider in ("ollama", "openai", "gateway")
            ]
            return server.url, await detect(places)

    url, found = asyncio.run(scenario())
    assert [each.provider for each in found] == ["ollama", "openai", "gateway"]
    assert [each.specs for each in found] == [
        (f"{kind}:m@{url}",) for kind in ("ollama", "openai", "gateway")
    ]
    assert (found[1].info.slots, found[1].info.context_tokens) == (2, 2048)


def test_detect_does_not_wait_for_the_silent() -> None:
    """A port that accepts and says nothing costs half a second, not more."""

    async def scenario() -> tuple[tuple[Found, ...], float]:
        over = asyncio.Event()

        async def say_nothing(
            _reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            await over.wait()
            writer.close()

        server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        begun = time.monotonic()
        found = await detect([Place(port, "openai", "x"), Place(port, "ollama", "y")])
        seconds = time.monotonic() - begun
        over.set()
        server.close()
        return found, seconds

    found, seconds = asyncio.run(scenario())
    assert found == ()
    assert seconds < 5


def test_detect_knows_the_usual_ports() -> None:
    """The ports users have today."""
    assert {place.port for place in USUAL_PLACES} == {11434, 8080, 8000, 1234, 5001}
