"""Refusals of servers and what they become."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime, formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.errors import (
    ContextOverflow,
    Overloaded,
    Refused,
    Retryable,
    ServerFailed,
    SubakError,
    Terminal,
    TimedOut,
    UserError,
)
from subak.llm.faults import Reply, error_in, fault_of
from subak.llm.key import ApiKey
from subak.llm.rate_limits import retry_after

NOW = 1_800_000_000.0
KEY = ApiKey("sk-canary", "MY_KEY")


def _fault(status: int, body: object = None, **headers: str) -> SubakError:
    data = json.dumps(body).encode() if body is not None else b""
    return fault_of(Reply("http://x", status, data, headers), KEY, NOW)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (429, Overloaded),
        (503, Overloaded),
        (500, ServerFailed),
        (502, ServerFailed),
        (504, TimedOut),
        (408, TimedOut),
        (401, UserError),
        (403, UserError),
        (404, UserError),
        (302, UserError),
        (400, Refused),
        (422, Refused),
    ],
)
def test_status_decides_the_error(status: int, kind: type[SubakError]) -> None:
    """Each class of refusal has its place in the tree, and a way out."""
    error = _fault(status)
    assert type(error) is kind
    assert error.where == "http://x"


@given(st.integers(300, 599), st.binary(max_size=200))
def test_any_refusal_is_an_error_of_ours(status: int, body: bytes) -> None:
    """No status and no body breaks the reading."""
    error = fault_of(Reply("http://x", status, body), KEY, NOW)
    assert isinstance(error, Retryable | Terminal | UserError)
    assert "\n" not in error.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("86400", 86400.0),
        (formatdate(NOW + 90, usegmt=True), 90.0),
        (format_datetime(datetime.fromtimestamp(NOW - 90, UTC), usegmt=True), 0.0),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, expected: float | None) -> None:
    """Both forms of the header are understood, garbage is ignored."""
    assert retry_after(text, NOW) == expected


@given(st.text(max_size=40))
def test_retry_after_never_breaks(text: str) -> None:
    """Whatever a server sends there is a time to wait or nothing."""
    found = retry_after(text, NOW)
    assert found is None or found >= 0


def test_overload_carries_the_time_to_wait() -> None:
    """The wait a server asks for reaches the retry."""
    error = _fault(429, None, **{"retry-after": "3"})
    assert isinstance(error, Overloaded)
    assert error.retry_after_s == 3.0


def test_context_overflow_tells_both_sizes() -> None:
    """llama.cpp's own figures are passed on."""
    said = {
        "type": "exceed_context_size_error",
        "message": "too large",
        "n_prompt_tokens": 6030,
        "n_ctx": 4096,
    }
    error = _fault(400, {"error": said})
    assert isinstance(error, ContextOverflow)
    assert "6030" in error.message
    assert "4096" in error.message


@pytest.mark.parametrize(
    "said",
    [
        {"error": {"code": "context_length_exceeded", "message": "no"}},
        {"error": {"message": "This model's maximum context length is 8192 tokens"}},
        {"object": "error", "message": "maximum context length is 8192", "type": "x"},
        {"error": "input length exceeds the context length"},
    ],
)
def test_context_overflow_is_known_in_other_dialects(said: object) -> None:
    """OpenAI, vLLM and Ollama word it differently."""
    assert isinstance(_fault(400, said), ContextOverflow)


def test_refused_key_is_named_not_shown() -> None:
    """The variable is named; the key itself is never in a message."""
    error = _fault(401, {"error": {"message": "bad key sk-canary"}})
    assert "MY_KEY" in error.hint
    assert "sk-canary" not in f"{error!r} {error} {error.hint} {KEY!r}"


def test_error_is_found_in_every_form() -> None:
    """Servers put their message in several places."""
    assert error_in(b'{"error": "gone"}').message == "gone"
    assert error_in(b'{"error": {"message": "m", "param": "p"}}').param == "p"
    assert not error_in(b'{"choices": []}')
    assert not error_in(b"<html>")
