"""Words in units and crontabs mean themselves, whatever characters are in them."""

from __future__ import annotations

import re
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.errors import UserError
from subak.schedule.quoting import crontab_word, unit_path, unit_text, unit_word

_ANY = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20
)
_LINE = _ANY.filter(lambda text: "\n" not in text and "\r" not in text)
_NASTY = "a b'c\"d\\e%f$g${HOME}`id`;#&|*?~!(é)\\%\\\\%%h"
_ESCAPE = re.compile(r"\\(x[0-9a-f]{2}|.)", re.DOTALL)


def _read_unit_word(word: str) -> str:
    """Read a quoted word as systemd.service(5) and systemd.unit(5) say."""
    assert word[0] == word[-1] == '"'
    inner = word[1:-1].replace("%%", "%").replace("$$", "$")
    plain = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"'}
    data = b""
    place = 0
    for found in _ESCAPE.finditer(inner):
        code = found[1]
        data += inner[place : found.start()].encode()
        data += bytes.fromhex(code[1:]) if code[0] == "x" else plain[code].encode()
        place = found.end()
    return (data + inner[place:].encode()).decode()


def _through_cron(command: str) -> str:
    """Return what cron hands to the shell: crontab(5) on percent signs."""
    given, is_escaped = "", False
    for char in command:
        if is_escaped and char == "%":
            given = given[:-1] + char
            is_escaped = False
            continue
        if not is_escaped and char == "%":
            break
        is_escaped = char == "\\" and not is_escaped
        given += char
    return given


@given(_ANY)
def test_unit_word_reads_back(text: str) -> None:
    """Quoting and reading by systemd's rules gives the word again, on one line."""
    word = unit_word(text)
    assert "\n" not in word
    assert _read_unit_word(word) == text


def test_unit_word_of_the_program_keeps_its_dollar() -> None:
    """systemd expands no variables in the first word."""
    assert unit_word("/opt/$x/python", is_program=True) == '"/opt/$x/python"'
    assert unit_word("/opt/$x") == '"/opt/$$x"'


@pytest.mark.parametrize("text", [_NASTY, "", "%", "\\", "'", " ", "-n"])
def test_crontab_word_reaches_the_program(text: str) -> None:
    """Through cron and a real shell the word arrives as it was."""
    command = _through_cron(f"printf '\\%s' {crontab_word(text)}")
    shown = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, check=True
    )
    assert shown.stdout == text


@settings(max_examples=40, deadline=None)
@given(st.lists(_LINE, min_size=1, max_size=15))
def test_crontab_words_survive_in_any_mixture(words: list[str]) -> None:
    """Whatever stands in them, cron never ends the command and words stay apart."""
    command = _through_cron("printf '\\%s\\n' " + " ".join(map(crontab_word, words)))
    shown = subprocess.run(["sh", "-c", command], capture_output=True, check=True)
    assert shown.stdout == "".join(f"{word}\n" for word in words).encode()


def test_words_that_cannot_be_written_are_refused() -> None:
    """A line break fits into no crontab, and odd characters into no plain path."""
    with pytest.raises(UserError, match="line break"):
        crontab_word("a\nb")
    with pytest.raises(UserError, match="cannot name a folder"):
        unit_path("/a\nb")
    assert unit_path("/a b/%h") == "/a b/%%h"
    assert unit_text("a\n  b %i") == "a b %%i"
