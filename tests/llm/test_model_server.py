"""The fake server itself: its faults can be replayed, its counts are right."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.errors import SubakError
from subak.llm.model import Message, NoProgress, Prompt
from subak.llm.open import open_endpoint
from subak.testing.model_faults import FaultPlan
from subak.testing.model_server import FakeModelServer, FakeSettings

KEYS = st.text(min_size=1)


@given(st.integers(), KEYS, st.integers(0, 9), st.integers(0, 99))
def test_faults_depend_on_content_not_on_order(
    seed: int, key: str, attempt: int, arrival: int
) -> None:
    """The same request meets the same fault, whenever it comes."""
    plan = FaultPlan(seed=seed, shares={"busy": 0.3, "cut": 0.3})
    assert plan.draw(key, attempt, arrival) == plan.draw(key, attempt, 0)


def test_faults_come_at_the_share_asked_for() -> None:
    """3 of 10 means about 3 of 10."""
    plan = FaultPlan(seed=7, shares={"busy": 0.2, "cut": 0.1})
    drawn = [plan.draw(str(n), 0, n) for n in range(2_000)]
    assert 0.17 < drawn.count("busy") / 2_000 < 0.23
    assert 0.08 < drawn.count("cut") / 2_000 < 0.12


def test_retries_of_a_faulty_server_succeed_in_the_end() -> None:
    """A retry is a new draw; what was answered is counted once."""

    async def scenario() -> None:
        plan = FaultPlan(seed=1, shares={"failed": 0.3, "cut": 0.2, "busy": 0.2})
        async with FakeModelServer(faults=plan) as server:
            endpoint = open_endpoint(f"openai:fake@{server.url}")
            for number in range(10):
                prompt = Prompt((Message("user", f"question {number}, long enough"),))
                for _ in range(20):
                    try:
                        await endpoint.complete(prompt, NoProgress())
                        break
                    except SubakError:
                        continue
            await endpoint.close()
            assert len(server.answered) == 10
            assert server.duplicates() == {}
            assert len(server.asked) > 10

    asyncio.run(scenario())


def test_duplicates_and_the_peak_are_counted() -> None:
    """Slots hold, and a question asked twice shows."""

    async def scenario() -> None:
        settings = FakeSettings(slots=2, token_s=0.001)
        async with FakeModelServer(settings=settings) as server:
            endpoint = open_endpoint(f"ollama:fake@{server.url}")
            prompt = Prompt((Message("user", "the same question again"),))
            await asyncio.gather(
                *(endpoint.complete(prompt, NoProgress()) for _ in range(5))
            )
            await endpoint.close()
            assert list(server.duplicates().values()) == [5]
            assert server.peak == 2
            assert server.in_flight == 0

    asyncio.run(scenario())


def test_requests_in_a_minute_are_bounded() -> None:
    """A burst is let through, then what is refilled."""

    async def scenario() -> None:
        settings = FakeSettings(per_minute=1.0, burst=3)
        async with FakeModelServer(settings=settings) as server:
            endpoint = open_endpoint(f"openai:fake@{server.url}")
            refused = 0
            for number in range(5):
                prompt = Prompt((Message("user", f"question {number}, long enough"),))
                try:
                    await endpoint.complete(prompt, NoProgress())
                except SubakError:
                    refused += 1
            await endpoint.close()
            assert (refused, server.refused, len(server.answered)) == (2, 2, 3)

    asyncio.run(scenario())


def test_server_comes_back_on_its_port_with_its_counts() -> None:
    """A restart is seen from outside only."""

    async def scenario() -> None:
        async with FakeModelServer() as server:
            url = server.url
            prompt = Prompt((Message("user", "the same question again"),))
            for _ in range(2):
                endpoint = open_endpoint(f"gateway:fake@{server.url}")
                await endpoint.complete(prompt, NoProgress())
                await endpoint.close()
                await server.stop()
                await server.start()
            assert server.url == url
            assert list(server.duplicates().values()) == [2]

    asyncio.run(scenario())


def test_server_stops_working_for_a_client_that_has_gone() -> None:
    """As real ones do, so that a cancelled copy frees its slot."""

    async def scenario() -> None:
        settings = FakeSettings(slots=1, token_s=0.05)
        async with FakeModelServer(settings=settings) as server:
            endpoint = open_endpoint(f"openai:fake@{server.url}")
            text = "a question with an answer that takes its time " * 20
            prompt = Prompt((Message("user", text),))
            with suppress(TimeoutError):
                async with asyncio.timeout(0.15):
                    await endpoint.complete(prompt, NoProgress())
            async with asyncio.timeout(0.5):
                prompt = Prompt((Message("user", "hi"),), max_tokens=1)
                await endpoint.complete(prompt, NoProgress())
            await endpoint.close()

    asyncio.run(scenario())


def test_clients_that_leave_before_the_answer_are_no_error_of_the_server(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever hangs up before the headers are out costs no line in the log."""
    body = json.dumps({"model": "fake", "messages": [], "stream": True}).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: {len(body)}\r\n"
    request = f"{head}Host: here\r\nContent-Type: application/json\r\n\r\n".encode()

    async def leave(port: int, turns: int) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request + body)
        for _ in range(turns):
            await asyncio.sleep(0)
        writer.transport.abort()

    async def scenario() -> None:
        async with FakeModelServer(settings=FakeSettings(slots=2)) as server:
            port = int(server.url.rpartition(":")[2])
            for _ in range(8):
                async with asyncio.TaskGroup() as group:
                    for turns in range(48):
                        group.create_task(leave(port, turns // 4))
            await asyncio.sleep(0.1)

    asyncio.run(scenario())
    assert caplog.records == []
