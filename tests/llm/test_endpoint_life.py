"""Servers that restart, die, or refuse what is too much: what the caller is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence

import pytest

from subak.engine.ending import RateLimits
from subak.errors import (
    ConnectionLost,
    NotConnected,
    Overloaded,
    SubakError,
)
from subak.llm.model import Completion, Message, NoProgress, Prompt
from subak.llm.open import open_endpoint
from subak.llm.options import Deadlines, EndpointOptions
from subak.testing.model_faults import FaultPlan
from subak.testing.model_server import FakeModelServer, FakeSettings

SERVED = ("openai", "ollama", "gateway")
QUICK = EndpointOptions(
    deadlines=Deadlines(first_byte_s=0.3, between_s=0.3, total_s=0.6)
)
LONG_TEXT = "A sentence that is long enough to be cut in two. " * 4
PROMPT = Prompt((Message("user", LONG_TEXT),))


def _ok(_messages: Sequence[Message], _schema: str | None) -> str:
    return "ok"


@pytest.mark.parametrize("provider", SERVED)
def test_restarted_server_answers_the_next_call(provider: str) -> None:
    """ConnectionPool of before are no trouble, and while it is away nothing is sent."""

    async def scenario() -> None:
        async with FakeModelServer(_ok) as server:
            endpoint = open_endpoint(f"{provider}:fake@{server.url}", QUICK)
            try:
                for _ in range(3):
                    await endpoint.complete(PROMPT, NoProgress())
                    await server.stop()
                    with pytest.raises(NotConnected):
                        await endpoint.complete(PROMPT, NoProgress())
                    await server.start()
            finally:
                await endpoint.close()
            assert len(server.asked) == 3

    asyncio.run(scenario())


@pytest.mark.parametrize("provider", ["openai", "ollama"])
def test_server_that_dies_within_an_answer_costs_that_call_only(provider: str) -> None:
    """What was under way is lost and says so; the next call is answered."""

    async def scenario() -> None:
        settings = FakeSettings(token_s=0.05)
        async with FakeModelServer(settings=settings) as server:
            endpoint = open_endpoint(f"{provider}:fake@{server.url}")
            begun = asyncio.Event()
            try:
                async with asyncio.TaskGroup() as group:
                    call = group.create_task(
                        _failure(endpoint.complete(PROMPT, _Told(begun)))
                    )
                    await begun.wait()
                    await server.stop()
                assert type(call.result()) is ConnectionLost
                await server.start()
                prompt = Prompt((Message("user", "colour: one"),))
                assert (await endpoint.complete(prompt, NoProgress())).text
            finally:
                await endpoint.close()

    asyncio.run(scenario())


@pytest.mark.parametrize("provider", SERVED)
@pytest.mark.parametrize("status", [429, 503])
def test_limits_of_a_server_are_told_apart(provider: str, status: int) -> None:
    """Too many at once are refused; one after the other they are answered."""

    async def scenario() -> None:
        settings = FakeSettings(max_in_flight=2, busy_status=status, token_s=0.002)
        async with FakeModelServer(settings=settings) as server:
            endpoint = open_endpoint(f"{provider}:fake@{server.url}")
            try:
                failures = await asyncio.gather(
                    *(_failure(endpoint.complete(PROMPT, NoProgress())) for _ in "1234")
                )
                assert await _failure(endpoint.complete(PROMPT, NoProgress())) is None
            finally:
                await endpoint.close()
            refused = [one for one in failures if isinstance(one, Overloaded)]
            assert len(refused) == server.refused == 2
            assert {one.is_rate_limit for one in refused} == {status == 429}

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after-ms": "1500", "Retry-After": "9"}, 1.5),
        ({"Retry-After": "2"}, 2.0),
        ({"X-RateLimit-Reset-Requests": "6m0s"}, 360.0),
        ({}, None),
    ],
)
def test_every_form_of_a_time_to_wait_arrives(
    headers: dict[str, str], expected: float | None
) -> None:
    """In whatever case the server writes its headers."""
    with pytest.raises(Overloaded) as caught:
        _once("openai", FaultPlan(first=("busy",), busy_headers=headers))
    assert caught.value.retry_after_s == expected


@pytest.mark.parametrize("provider", ["openai", "gateway"])
def test_limits_in_the_headers_come_with_the_answer(provider: str) -> None:
    """The tuner sets its pace by them before it is refused."""
    headers = {
        "X-RateLimit-Limit-Requests": "500",
        "X-RateLimit-Remaining-Requests": "499",
        "X-RateLimit-Limit-Tokens": "30000",
    }
    completion = _once(provider, settings=FakeSettings(headers=headers))
    assert completion.limits == RateLimits(requests=500, tokens=30_000)
    assert _once(provider).limits is None


def _once(
    provider: str, plan: FaultPlan | None = None, settings: FakeSettings | None = None
) -> Completion:
    """Return what one call brings."""

    async def scenario() -> Completion:
        async with FakeModelServer(_ok, plan or FaultPlan(), settings) as server:
            endpoint = open_endpoint(f"{provider}:fake@{server.url}")
            try:
                return await endpoint.complete(PROMPT, NoProgress())
            finally:
                await endpoint.close()

    return asyncio.run(scenario())


async def _failure(call: Awaitable[Completion]) -> SubakError | None:
    try:
        await call
    except SubakError as error:
        return error
    return None


class _Told:
    """A Progress that sets an event when the answer has begun."""

    def __init__(self, begun: asyncio.Event) -> None:
        self._begun = begun

    def first_token(self) -> None:
        """Tell of the beginning."""
        self._begun.set()

    def tokens(self, count: int) -> None:
        """Ignore the rest."""
