"""open_endpoint: the name table from a model spec to the endpoint that serves it.

Each provider is imported only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from subak.engine.clock import Clock, SystemClock
from subak.errors import UserError
from subak.llm.model import Endpoint, ModelId
from subak.llm.options import Deadlines, EndpointOptions
from subak.llm.spec import FORMS, OLLAMA_URL, ModelSpec, parse_spec

_KEY_ENV = "SUBAK_API_KEY"
_DEFAULTS = EndpointOptions()


def open_endpoint(
    spec: ModelSpec | str,
    options: EndpointOptions = _DEFAULTS,
    clock: Clock | None = None,
) -> Endpoint:
    """Return the endpoint a spec names; nothing is sent or started yet.

    Raises:
        UserError: The spec, the key or the model's name is wrong.
    """
    if isinstance(spec, str):
        spec = parse_spec(spec)
    if spec.provider not in _TABLE:
        raise UserError(f"unknown provider '{spec.provider}'", hint=f"use {FORMS}")
    return _TABLE[spec.provider](spec, options, clock or SystemClock())


def _openai(spec: ModelSpec, options: EndpointOptions, clock: Clock) -> Endpoint:
    from subak.llm.http import HttpClient
    from subak.llm.key import read_key
    from subak.llm.openai import OpenAIEndpoint

    # A key made for one service is not sent to another host unasked.
    is_home = urlsplit(spec.url).hostname == "api.openai.com"
    http = HttpClient(
        spec.url,
        clock=clock,
        key=read_key(options, "OPENAI_API_KEY" if is_home else _KEY_ENV),
        deadlines=options.deadlines or Deadlines(),
    )
    return OpenAIEndpoint(http, spec.name, clock, model_id=_identify(spec))


def _ollama(spec: ModelSpec, options: EndpointOptions, clock: Clock) -> Endpoint:
    from subak.llm.http import HttpClient
    from subak.llm.key import read_key
    from subak.llm.ollama import OllamaEndpoint

    http = HttpClient(
        spec.url,
        clock=clock,
        key=read_key(options, _KEY_ENV),
        deadlines=options.deadlines or Deadlines(),
    )
    return OllamaEndpoint(
        http,
        spec.name,
        clock,
        model_id=_identify(spec),
        context_tokens=options.context_tokens,
    )


def _gateway(spec: ModelSpec, options: EndpointOptions, clock: Clock) -> Endpoint:
    from subak.llm.gateway import GatewayEndpoint
    from subak.llm.http import HttpClient
    from subak.llm.key import read_key

    http = HttpClient(
        spec.url,
        clock=clock,
        key=read_key(options, _KEY_ENV),
        deadlines=options.deadlines or Deadlines(),
    )
    return GatewayEndpoint(http, spec.name, clock, model_id=_identify(spec))


def _embedded(spec: ModelSpec, options: EndpointOptions, clock: Clock) -> Endpoint:
    from subak.llm.embedded import EmbeddedEndpoint

    return EmbeddedEndpoint(spec.name, clock, options)


def _echo(_spec: ModelSpec, _options: EndpointOptions, clock: Clock) -> Endpoint:
    from subak.llm.echo import EchoEndpoint

    return EchoEndpoint(clock)


def _identify(spec: ModelSpec) -> ModelId:
    """Name plus server: two servers may mean different weights by one name."""
    if spec.url == OLLAMA_URL:
        return ModelId(f"{spec.provider}:{spec.name}")
    return ModelId(f"{spec.provider}:{spec.name}@{spec.url.partition('://')[2]}")


_Open = Callable[[ModelSpec, EndpointOptions, Clock], Endpoint]
_TABLE: Mapping[str, _Open] = MappingProxyType(
    {
        "openai": _openai,
        "ollama": _ollama,
        "gateway": _gateway,
        "embedded": _embedded,
        "echo": _echo,
    }
)
