"""Addresses of pages, and what is taken from a query."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.engine.workspace import Workspace
from subak.web.page import Asked, Page

_TEXT = st.text(st.characters(codec="utf-8"), min_size=1)


@given(_TEXT, _TEXT)
def test_address_keeps_every_value(name: str, other: str) -> None:
    """What is put into an address comes out of it, whatever it holds."""
    page = Page("run", "runs/{run}", "Run", None)
    address = page.address({"run": name, "q": other, "none": None, "empty": ""})
    parts = urlsplit(f"/{address}")
    assert unquote(parts.path) == f"/runs/{name}"
    assert "/" not in parts.path.removeprefix("/runs/")
    assert parse_qs(parts.query, keep_blank_values=True) == {"q": [other]}


def test_address_keeps_the_slashes_of_a_path() -> None:
    """A field that may hold slashes shows them."""
    page = Page("item", "items/{item:path}", "Item", None)
    assert page.address({"item": "a/b c"}) == "items/a/b%20c"


@pytest.mark.parametrize(
    ("text", "number"),
    [("3", 3), ("0", 1), ("-1", 7), ("٣", 7), ("x", 7), ("9" * 20, 7), ("900", 500)],
)
def test_number_of_a_query_is_always_good(text: str, number: int) -> None:
    """A page number that makes no sense is the first page, not an error."""
    db = apsw.Connection(":memory:")
    asked = Asked(Workspace(Path()), db, 0.0, query={"page": text})
    assert asked.number("page", 7, most=500) == number
    db.close()
