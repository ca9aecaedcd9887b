"""The names of spans are those of the conventions."""

from __future__ import annotations

import pytest
from opentelemetry.semconv._incubating.attributes import gen_ai_attributes
from opentelemetry.semconv.attributes import (
    error_attributes,
    exception_attributes,
    http_attributes,
    server_attributes,
    url_attributes,
)

from subak.extras.semconv import CHAT, Name, model_name, provider_of

_OFFICIAL = {
    value
    for module in (
        gen_ai_attributes,
        error_attributes,
        exception_attributes,
        http_attributes,
        server_attributes,
        url_attributes,
    )
    for name, value in vars(module).items()
    if name.isupper()
}
# Of the conventions too, but only in the part that may still change.
_INCUBATING = {"http.response.body.size"}


def test_names_are_official_or_our_own() -> None:
    """No attribute outside our own prefix is made up."""
    foreign = {name.value for name in Name if not name.startswith("subak.")}
    assert foreign - _OFFICIAL - _INCUBATING == set()


def test_operation_is_an_official_one() -> None:
    """Backends know a chat by this word."""
    assert gen_ai_attributes.GenAiOperationNameValues.CHAT.value == CHAT


@pytest.mark.parametrize(
    ("spec", "provider", "name"),
    [
        ("ollama:qwen2.5:7b@http://127.0.0.1:11434", "ollama", "qwen2.5:7b"),
        ("openai:a@b@https://example.org/v1", "openai", "a@b"),
        ("embedded:qwen", "subak", "qwen"),
        ("echo", "subak", "echo"),
        ("", "subak", ""),
    ],
)
def test_spec_is_told_as_provider_and_name(spec: str, provider: str, name: str) -> None:
    """A model spec is split into what the conventions ask for."""
    assert (provider_of(spec), model_name(spec)) == (provider, name)
