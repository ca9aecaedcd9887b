"""Colour, and text that must not steer a terminal."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.cli.output import table
from subak.cli.style import Style, printable, wants_color


class _Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "on_terminal", "off_terminal"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
    ],
)
def test_color_follows_the_conventions(
    environ: dict[str, str], on_terminal: bool, off_terminal: bool
) -> None:
    """NO_COLOR beats FORCE_COLOR, which beats the terminal."""
    assert wants_color(_Terminal(), environ) is on_terminal
    assert wants_color(io.StringIO(), environ) is off_terminal


def test_style_off_changes_nothing() -> None:
    """Without colour, words are only words."""
    assert Style(is_on=False).bad("x") == "x"
    assert Style(is_on=True).bad("x") == "\x1b[31mx\x1b[0m"


def test_printable_keeps_our_own_colours() -> None:
    """What Style makes goes through unchanged."""
    text = Style(is_on=True).state("failed") + Style(is_on=True).faint("a\n\tb")
    assert printable(text) == text


@given(st.text())
def test_printable_leaves_no_control_character(text: str) -> None:
    """Whatever a page says, nothing is left that moves a cursor or hides text."""
    shown = printable(text)
    for code in ("0", "1", "2", "31", "32", "33"):
        shown = shown.replace(f"\x1b[{code}m", "")
    assert not any(
        (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in shown
    )
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    shown.encode("utf-8")


def test_table_aligns_columns() -> None:
    """Words stand left, numbers right, and no line ends in blanks."""
    assert table([("a", "n", ""), ("bbb", "100", "")], right=frozenset({1})) == [
        "a      n",
        "bbb  100",
    ]
    assert table([]) == []
