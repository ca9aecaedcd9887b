"""Long answers, part by part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.errors import UserError
from subak.mcp.cursor import Cursor, fill


@given(rows=st.lists(st.text(max_size=200), max_size=60), room=st.integers(1, 400))
def test_parts_are_the_whole(rows: list[str], room: int) -> None:
    """The cursors lead to each row once, in order, each part within its room."""
    found: list[str] = []
    start: int | None = 0
    while start is not None:
        part, after = fill(rows, start, lambda row: row, room)
        assert part or not rows
        # A row that does not fit by itself comes alone.
        assert len(part) <= 1 or sum(len(row) for row in part) <= room
        assert after is None or after > start
        found += part
        start = after
    assert found == rows


@given(at=st.integers(0, 10**9), run=st.text(max_size=20))
def test_cursor_comes_back_as_it_was(at: int, run: str) -> None:
    """Place and run survive the way through the agent."""
    text = Cursor.read("", "search", "vat").on(at, run)
    assert text is not None
    found = Cursor.read(text, "search", "vat")
    assert (found.at, found.run) == (at, run)


def test_cursor_of_another_question_is_refused() -> None:
    """Its place means nothing there."""
    text = Cursor.read("", "search", "vat").on(10)
    assert text is not None
    with pytest.raises(UserError, match="another question"):
        Cursor.read(text, "search", "gdp")


@pytest.mark.parametrize("text", ["nonsense!", "AAAA", "e30", "é", "eyJhdCI6MX0", "["])
def test_made_up_cursor_is_refused(text: str) -> None:
    """Whatever an agent invents is an error with a way out."""
    with pytest.raises(UserError, match="no cursor") as caught:
        Cursor.read(text, "search", "vat")
    assert "next_cursor" in caught.value.hint
