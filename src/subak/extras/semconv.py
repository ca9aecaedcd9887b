"""Names of spans and their attributes: OpenTelemetry's conventions, and subak's own.

A test compares those of generative AI with the official package.
"""

from __future__ import annotations

from enum import StrEnum


class Name(StrEnum):
    """What a span's attribute is called."""

    OPERATION = "gen_ai.operation.name"
    PROVIDER = "gen_ai.provider.name"
    REQUEST_MODEL = "gen_ai.request.model"
    FINISH_REASONS = "gen_ai.response.finish_reasons"
    FIRST_TOKEN_S = "gen_ai.response.time_to_first_chunk"
    TOKENS_IN = "gen_ai.usage.input_tokens"
    TOKENS_OUT = "gen_ai.usage.output_tokens"
    TOKENS_CACHED = "gen_ai.usage.cache_read.input_tokens"
    SERVER_ADDRESS = "server.address"
    SERVER_PORT = "server.port"
    ERROR_TYPE = "error.type"
    EXCEPTION_TYPE = "exception.type"
    EXCEPTION_MESSAGE = "exception.message"
    HTTP_METHOD = "http.request.method"
    HTTP_STATUS = "http.response.status_code"
    HTTP_SIZE = "http.response.body.size"
    URL = "url.full"

    RUN = "subak.run.id"
    RECIPE = "subak.recipe"
    STATUS = "subak.run.status"
    STAGE = "subak.stage"
    ITEM = "subak.item"
    STATE = "subak.task.state"
    ATTEMPTS = "subak.task.attempts"
    PROVED = "subak.facts.proved"
    REFUSED = "subak.facts.refused"
    CALL = "subak.call.key"
    SLOT = "subak.call.slot"
    IS_REPEAT = "subak.call.repeated"
    LIMIT = "subak.limit"
    LIMIT_BEFORE = "subak.limit.before"
    REASON = "subak.reason"


class Happening(StrEnum):
    """What an event within a span is called."""

    EXCEPTION = "exception"
    LIMIT_CHANGED = "subak.limit.changed"
    RUN_RESUMED = "subak.run.resumed"
    DEADLINE_PASSED = "subak.deadline.passed"


CHAT = "chat"
"""The operation of a model call."""


def tasks_named(state: str) -> str:
    """Return the attribute of a stage that counts its tasks of a state."""
    return f"subak.tasks.{state}"


def provider_of(model: str) -> str:
    """Return the provider that a model spec names; one of ours where none is known."""
    provider, _, _ = model.partition(":")
    return "subak" if provider in ("", "echo", "embedded") else provider


def model_name(model: str) -> str:
    """Return the model's own name of a spec: "qwen2.5" of "ollama:qwen2.5@http://x"."""
    _, colon, rest = model.partition(":")
    if not colon:
        return model
    for scheme in ("@http://", "@https://"):
        rest = rest.partition(scheme)[0]
    return rest or model
