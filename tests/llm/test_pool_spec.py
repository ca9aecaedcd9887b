"""PoolSpec: one server or several in a line of text; errors name the part."""

from __future__ import annotations

import pytest

from subak.errors import UserError
from subak.llm.pool_spec import parse_pool


@pytest.mark.parametrize(
    ("text", "tiers"),
    [
        ("echo", [1]),
        ("ollama:a + ollama:a@gpu:11434", [2]),
        ("ollama:a+b@gpu | embedded", [1, 1]),
        ("ollama:a + openai:a@x:8000 | openai:a@y:1 + openai:a@z:1 | echo", [2, 2, 1]),
    ],
)
def test_pool_has_servers_in_tiers(text: str, tiers: list[int]) -> None:
    """A plus joins servers, a bar tiers; only with spaces around them."""
    pool = parse_pool(text)
    assert [len(tier) for tier in pool.tiers] == tiers
    assert parse_pool(str(pool)) == pool


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("echo + nonsense:x", "part 2 of 2"),
        ("echo | openai:a", "part 2 of 2"),
        ("echo + ", "part 2 of 2"),
        ("| echo", "part 1 of 2"),
        ("echo + + ollama:a", "part 2 of 3"),
        ("ollama:a + ollama:a", "ollama:a"),
    ],
)
def test_pool_names_the_bad_part(text: str, where: str) -> None:
    """Which part it is, and how a model is written."""
    with pytest.raises(UserError) as caught:
        parse_pool(text)
    assert where in caught.value.where
    assert caught.value.hint


def test_pool_shows_no_secret() -> None:
    """A key in a URL is refused and not repeated."""
    with pytest.raises(UserError) as caught:
        parse_pool("echo + openai:a@http://user:hunter2@host/v1")
    assert "hunter2" not in f"{caught.value} {caught.value.hint}"
