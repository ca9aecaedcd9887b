"""file_name: no escape, no collision, on any file system."""

from __future__ import annotations

import re
import unicodedata
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.outputs.names import file_name

TRICKY = [
    "",
    " ",
    ".",
    "..",
    "../../etc/passwd",
    "..\\..\\windows\\system32",
    "/etc/passwd",
    "C:\\boot.ini",
    "a/b",
    "a\\b",
    "a\0b",
    "con",
    "CON",
    "nul.txt",
    "nul",
    "aux",
    "com1",
    "lpt9",
    "germany",
    "Germany",
    "GERMANY",
    "germany ",
    "germany.",
    "côte",
    "co\u0302te",
    "straße",
    "strasse",
    "\u202egnp.exe",
    "gnp.exe",
    "ev\u200bil",
    "evil",
    "日本",
    "中国",
    "~root",
    "$HOME",
    "%2e%2e%2f",
    "a" * 300,
    "a" * 301,
    "-rf",
    "a\nb",
    "\ud800",
]


@pytest.mark.parametrize("text", TRICKY, ids=ascii)
def test_file_name_stays_in_its_folder(text: str) -> None:
    """Whatever the text, the name is short, plain ASCII and no reserved word."""
    name = file_name(text)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert len(name) <= 64
    assert name not in {"con", "prn", "aux", "nul", "com1", "lpt9"}


def test_file_name_never_collides_even_where_case_is_ignored() -> None:
    """Different texts get different names, also on a system that folds them."""
    names = {text: _folded(file_name(text)) for text in TRICKY}
    for one, other in combinations(TRICKY, 2):
        assert names[one] != names[other], (one, other)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


@pytest.mark.parametrize("slug", ["taxation", "income-tax", "2026", "a-1-b"])
def test_file_name_keeps_a_plain_slug(slug: str) -> None:
    """A name that is safe already is not made ugly."""
    assert file_name(slug) == slug


def test_file_name_hashes_what_looks_hashed() -> None:
    """A slug cannot be chosen to meet the name of another text."""
    made = file_name("Germany")
    assert made.startswith("germany-")
    assert file_name(made) != made


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_file_name_is_injective(one: str, other: str) -> None:
    """Equal names mean equal texts."""
    assert (file_name(one) == file_name(other)) == (one == other)
