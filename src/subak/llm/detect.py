"""detect: which model servers answer on this machine's usual ports."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from subak.engine.clock import Clock, SystemClock
from subak.errors import SubakError
from subak.llm.http import HttpClient
from subak.llm.inventory import describe_gateway, describe_ollama, describe_openai
from subak.llm.key import ApiKey
from subak.llm.model import EndpointInfo
from subak.llm.options import Deadlines

_WITHIN_S = 0.5
_LOOK_S = 1.2
_Describe = Callable[[HttpClient, str, float], Awaitable[EndpointInfo]]
_DIALECTS: Mapping[str, _Describe] = MappingProxyType(
    {
        "ollama": describe_ollama,
        "openai": describe_openai,
        "gateway": describe_gateway,
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """A port where a kind of server usually listens."""

    port: int
    provider: str
    usual: str


USUAL_PLACES = (
    Place(11434, "ollama", "Ollama"),
    Place(8080, "openai", "llama.cpp"),
    Place(8000, "openai", "vLLM"),
    Place(1234, "openai", "LM Studio"),
    Place(5001, "gateway", "gateway"),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A server that answers, and the model specs to use it with.

    Args:
        provider: First word of its specs.
        info: What it says about itself.
        specs: One for each of its models.
    """

    provider: str
    info: EndpointInfo
    specs: tuple[str, ...]


async def detect(
    places: Sequence[Place] = USUAL_PLACES, clock: Clock | None = None
) -> tuple[Found, ...]:
    """Look at all places at once; half a second at most for each question.

    Slots and context are those of the first model, where they depend on the model.
    """
    clock = clock or SystemClock()
    async with asyncio.TaskGroup() as group:
        looks = [group.create_task(_look(place, clock)) for place in places]
    return tuple(found for look in looks if (found := look.result()) is not None)


async def _look(place: Place, clock: Clock) -> Found | None:
    http = HttpClient(
        f"http://127.0.0.1:{place.port}",
        clock=clock,
        key=ApiKey(),
        deadlines=Deadlines(connect_s=_WITHIN_S),
    )
    try:
        async with asyncio.timeout(_LOOK_S):
            info = await _DIALECTS[place.provider](http, "", _WITHIN_S)
        if place.provider == "ollama" and info.available:
            info = await _with_context(http, info)
    except (SubakError, TimeoutError):
        return None
    finally:
        await http.close()
    if not info.server:
        info = replace(info, server=place.usual)
    specs = tuple(f"{place.provider}:{name}@{info.url}" for name in info.available)
    return Found(place.provider, info, specs)


async def _with_context(http: HttpClient, info: EndpointInfo) -> EndpointInfo:
    """Return what Ollama says with the context of its first model, if it tells."""
    try:
        async with asyncio.timeout(_WITHIN_S):
            found = await describe_ollama(http, info.available[0], _WITHIN_S)
    except (SubakError, TimeoutError):
        return info
    return replace(info, context_tokens=found.context_tokens)
