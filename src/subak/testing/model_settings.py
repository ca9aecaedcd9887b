"""FakeSettings: how a fake model server behaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FakeSettings:
    """How a fake server behaves.

    Args:
        models: Names it offers.
        slots: Requests it works on at once; further ones wait. None: all.
        context_tokens: Longest prompt; OpenAI refuses more, Ollama cuts silently.
        token_s: Time for one token.
        api_key: Required when not empty.
        refuses_schema: Answers 400 to a response_format, as older servers do.
        cuts_silently: The OpenAI face cuts what is too long, too.
        loaded_tokens: Context Ollama holds the model with, 0 where it is not loaded.
        owner: What the OpenAI face calls the models' owner; "llamacpp" tells slots.
        family: Ollama's name for the kind of model.
        per_minute: Requests in a minute; what is more gets ``busy_status``.
        burst: Requests that may come at once before that counts.
        max_in_flight: Requests at once, waiting ones too; more get ``busy_status``.
        busy_status: 429 or 503.
        headers: Sent with every answer.
    """

    models: tuple[str, ...] = ("fake",)
    slots: int | None = None
    context_tokens: int = 1 << 17
    token_s: float = 0.0
    api_key: str = ""
    refuses_schema: bool = False
    cuts_silently: bool = False
    loaded_tokens: int = 4096
    owner: str = "llamacpp"
    family: str = "fake"
    per_minute: float | None = None
    burst: int = 1
    max_in_flight: int | None = None
    busy_status: int = 429
    headers: Mapping[str, str] = field(default_factory=dict)
