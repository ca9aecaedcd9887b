"""The contract every endpoint keeps, checked over real sockets and the real model."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from subak.llm.model import Endpoint, Message, Prompt
from subak.llm.open import open_endpoint
from subak.llm.weights import KNOWN, find_file, find_parts
from subak.testing.model_server import FakeModelServer

# The smallest of the known models whose weights are on this machine.
PRESENT = [
    name
    for name, weights in sorted(KNOWN.items())
    if find_file(name) is not None or find_parts(weights) is not None
]
HAS_WEIGHTS = bool(PRESENT)
HAS_EXTRA = importlib.util.find_spec("xllamacpp") is not None and HAS_WEIGHTS
SERVED = ("openai", "ollama", "gateway")
SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"colour": {"enum": ["red", "green", "blue"]}},
        "required": ["colour"],
        "additionalProperties": False,
    },
    sort_keys=True,
)


@dataclass
class Heard:
    """A Progress that remembers the order of what it is told."""

    said: list[str] = field(default_factory=list)
    count: int = 0

    def first_token(self) -> None:
        """Note the beginning."""
        self.said.append("first")

    def tokens(self, count: int) -> None:
        """Note the tokens."""
        self.said.append("tokens")
        self.count += count


@asynccontextmanager
async def opened(provider: str) -> AsyncIterator[Endpoint]:
    """Open one endpoint of that provider, with a server behind it if it needs one."""
    async with FakeModelServer() as server:
        spec = f"{provider}:fake@{server.url}"
        if provider == "embedded":
            spec = f"embedded:{PRESENT[0]}"
        endpoint = open_endpoint("echo" if provider == "echo" else spec)
        try:
            yield endpoint
        finally:
            await endpoint.close()


def _prompt(text: str, schema: str | None = None, max_tokens: int = 16) -> Prompt:
    return Prompt((Message("user", text),), schema=schema, max_tokens=max_tokens)


async def _check_identity(endpoint: Endpoint) -> None:
    model_id = endpoint.model_id
    info = await endpoint.probe()
    assert info.model
    assert endpoint.model_id == model_id


async def _check_prose(endpoint: Endpoint, provider: str) -> None:
    heard = Heard()
    prompt = _prompt("Name one colour of the rainbow, in one word.")
    completion = await endpoint.complete(prompt, heard)
    assert completion.text.strip()
    assert not completion.from_cache
    assert completion.finish in {"stop", "length", "unknown"}
    assert completion.usage.tokens_in > 0
    assert 0 < completion.usage.tokens_out <= 16
    assert completion.timing.seconds >= (completion.timing.first_token_s or 0) >= 0
    assert heard.count > 0
    if provider != "gateway":
        assert heard.said[0] == "first"
        assert heard.said.count("first") == 1
        assert completion.timing.first_token_s is not None


async def _check_schema(endpoint: Endpoint) -> None:
    prompt = _prompt("The sky is blue. Which colour has it?", SCHEMA, max_tokens=24)
    completion = await endpoint.complete(prompt, Heard())
    assert json.loads(completion.text)["colour"] in {"red", "green", "blue"}


async def _check_many_at_once(endpoint: Endpoint) -> None:
    async with asyncio.TaskGroup() as group:
        calls = [
            group.create_task(
                endpoint.complete(_prompt(f"Say {word}.", max_tokens=4), Heard())
            )
            for word in ("one", "two", "three")
        ]
    assert all(call.result().text.strip() for call in calls)


async def _check_close_twice(endpoint: Endpoint) -> None:
    await endpoint.close()
    await endpoint.close()


@pytest.mark.parametrize(
    "provider",
    [
        *SERVED,
        "echo",
        pytest.param(
            "embedded",
            marks=[
                pytest.mark.skipif(not HAS_EXTRA, reason="extra not installed"),
                pytest.mark.timeout(300),
            ],
        ),
    ],
)
def test_endpoint_contract(provider: str) -> None:
    """Identity, prose, schema, several at once, closing: the same for all."""

    async def scenario() -> None:
        async with opened(provider) as endpoint:
            await _check_identity(endpoint)
            await _check_prose(endpoint, provider)
            if provider != "gateway":
                await _check_schema(endpoint)
            await _check_many_at_once(endpoint)
            await _check_close_twice(endpoint)

    asyncio.run(scenario())
