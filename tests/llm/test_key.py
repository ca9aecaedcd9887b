"""API keys come from the environment or a file and are shown nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from subak.errors import UserError
from subak.llm.key import read_key
from subak.llm.options import EndpointOptions


def test_key_comes_from_the_named_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """key_env names the variable."""
    monkeypatch.setenv("SOME_KEY", " sk-1 \n")
    key = read_key(EndpointOptions(key_env="SOME_KEY"), "OTHER")
    assert key.headers() == {"Authorization": "Bearer sk-1"}


def test_key_comes_from_a_file(tmp_path: Path) -> None:
    """key_file holds the key alone."""
    file = tmp_path / "key"
    file.write_text("sk-2\n")
    assert read_key(EndpointOptions(key_file=file), "OTHER").value == "sk-2"


def test_key_is_optional_by_default() -> None:
    """Local servers need none."""
    assert "NOT_THERE" not in os.environ
    assert read_key(EndpointOptions(), "NOT_THERE").headers() == {}


def test_key_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    """A missing variable or file is said at once, by name."""
    with pytest.raises(UserError, match="NOT_THERE"):
        read_key(EndpointOptions(key_env="NOT_THERE"), "")
    with pytest.raises(UserError, match="nokey"):
        read_key(EndpointOptions(key_file=tmp_path / "nokey"), "")


def test_key_that_would_break_a_header_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Line breaks in a key would inject headers; it is not repeated either."""
    monkeypatch.setenv("SOME_KEY", "sk\r\nX: 1")
    with pytest.raises(UserError) as caught:
        read_key(EndpointOptions(key_env="SOME_KEY"), "")
    assert "X: 1" not in str(caught.value)
