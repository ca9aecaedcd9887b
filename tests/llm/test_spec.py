"""Model specs: every allowed form, and errors that help."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.errors import UserError
from subak.llm.spec import ModelSpec, parse_spec

NAMES = st.from_regex(r"[a-z][a-z0-9.:/_-]{0,20}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo", ModelSpec("echo")),
        ("embedded", ModelSpec("embedded", "qwen2.5-coder-1.5b")),
        ("embedded:/models/a b.gguf", ModelSpec("embedded", "/models/a b.gguf")),
        (
            "ollama:llama3:8b",
            ModelSpec("ollama", "llama3:8b", "http://127.0.0.1:11434"),
        ),
        ("ollama:m@box:11434", ModelSpec("ollama", "m", "http://box:11434")),
        ("openai:m@http://BOX:80/v1/", ModelSpec("openai", "m", "http://box:80/v1")),
        ("gateway:a@b@http://h:5001", ModelSpec("gateway", "a@b", "http://h:5001")),
    ],
)
def test_spec_is_read(text: str, expected: ModelSpec) -> None:
    """Each documented form gives its parts."""
    assert parse_spec(text) == expected


@given(st.sampled_from(["ollama", "openai", "gateway"]), NAMES)
def test_spec_survives_a_round_trip(provider: str, name: str) -> None:
    """What a spec prints reads back as the same spec."""
    spec = ModelSpec(provider, name, "http://127.0.0.1:9")
    assert parse_spec(str(spec)) == spec


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("olama:x", "did you mean 'ollama'"),
        ("", "embedded[:NAME]"),
        ("openai:gpt", "openai:NAME@URL"),
        ("openai:@http://x", "openai:NAME@URL"),
        ("embedded:", "embedded[:NAME]"),
        ("echo:x", "echo"),
        ("openai:m@ftp://x", "openai:NAME@URL"),
        ("openai:m@http://x:notaport", "openai:NAME@URL"),
    ],
)
def test_spec_error_names_the_way_out(text: str, part: str) -> None:
    """A wrong spec says which forms there are and what was meant."""
    with pytest.raises(UserError) as caught:
        parse_spec(text)
    assert part in caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["openai:m@https://u:hunter2@x/v1", "openai:m@http://x/v1?api_key=hunter2"],
)
def test_spec_with_a_key_is_refused_without_showing_it(text: str) -> None:
    """A secret in a URL is refused, and not repeated in the message."""
    with pytest.raises(UserError) as caught:
        parse_spec(text)
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"
    assert "key_env" in caught.value.hint
