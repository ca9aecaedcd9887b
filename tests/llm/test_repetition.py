"""Repetition: loops are found early, ordinary text never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.errors import LoopingAnswer
from subak.llm.repetition import Repetition, find_period

PROSE = (
    "The standard rate of value added tax in Germany is 19 percent, and a reduced rate "
    "of 7 percent applies to food, books and local transport. Companies pay 15 percent "
    "corporate income tax plus a solidarity surcharge of 5.5 percent of that amount. "
)


@given(st.text(min_size=1, max_size=100), st.text(max_size=200))
def test_loop_is_found_whatever_repeats(turn: str, before: str) -> None:
    """Any phrase of up to 100 characters said over and over is a loop."""
    assert find_period(before + turn * (1 + 600 // len(turn))) is not None


def _has_loop(text: str) -> bool:
    """Say it the slow way: the definition, period by period."""
    if text[-160:].isspace() and len(text) >= 160:
        return True
    spans = ((period, max(240, 4 * period)) for period in range(1, 129))
    return any(
        len(text) >= span
        and all(text[-at] == text[-at - period] for at in range(1, span - period + 1))
        for period, span in spans
    )


@given(
    st.text("ab ", max_size=60),
    st.text("ab", min_size=1, max_size=140),
    st.integers(1, 300),
    st.text("ab", max_size=3),
)
def test_loop_is_what_the_definition_says(
    before: str, turn: str, times: int, after: str
) -> None:
    """The quick search finds the same loops as comparing every period."""
    text = (before + turn * times)[-640:] + after
    assert (find_period(text) is not None) == _has_loop(text)


@given(st.integers(0, 400))
def test_prose_is_no_loop(at: int) -> None:
    """Ordinary text is not taken for a loop, wherever it is cut."""
    rows = "\n".join(f'{{"country": "C{n}", "rate": {n * 7 % 31}}},' for n in range(20))
    assert find_period((PROSE + rows)[:at]) is None


def test_table_rule_is_no_loop() -> None:
    """A wide Markdown table's rule line is ordinary."""
    assert find_period(PROSE + "\n" + "|---" * 12 + "|\n") is None


def test_loop_ends_a_stream_within_128_tokens() -> None:
    """A looping stream is stopped soon after the loop began."""
    watch, taken = Repetition(), 0
    with pytest.raises(LoopingAnswer):  # noqa: PT012
        for taken in range(1_000):
            watch.add(PROSE[taken * 4 : taken * 4 + 4] if taken < 40 else "so on ")
    assert 40 < taken <= 40 + 128


def test_white_space_without_end_is_a_loop() -> None:
    """Constrained decoding may get stuck in white space."""
    watch = Repetition()
    with pytest.raises(LoopingAnswer):  # noqa: PT012
        for _ in range(200):
            watch.add("\n  ")
