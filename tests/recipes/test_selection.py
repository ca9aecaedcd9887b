"""Selection: items by glob and number, the rest left as it was."""

from __future__ import annotations

import pytest

from subak.engine.stage import Item
from subak.recipes.selection import Selection


def _item(name: str, source: str = "one") -> Item[object]:
    return Item(name, None, {"source": source})


@pytest.mark.parametrize(
    ("glob", "name", "expected"),
    [
        ("germany", "https://x.org/Germany.html", True),
        ("germany", "https://x.org/italy.html", False),
        ("*italy*", "https://x.org/italy.html", True),
        ("italy*", "https://x.org/italy.html", False),
        ("GER?ANY", "Germany", True),
    ],
)
def test_selection_by_glob_ignores_case(glob: str, name: str, expected: bool) -> None:
    """A plain word matches anywhere, a pattern the whole id."""
    assert Selection(glob, None)("facts", _item(name)) is expected


def test_selection_by_entity_label() -> None:
    """What a page is about selects it, whatever its address."""
    item: Item[object] = Item("https://x.org/1", None, {"entity": "Kenya"})
    assert Selection("kenya", None)("facts", item)


def test_selection_limit_counts_pages_of_each_source() -> None:
    """Every source keeps its own first pages, however often they are asked for."""
    chosen = Selection(None, 1)
    assert chosen("fetch", _item("a"))
    assert not chosen("fetch", _item("b"))
    assert chosen("fetch", _item("a"))
    assert chosen("fetch", _item("c", "two"))
    assert chosen("facts", _item("b"))


def test_selection_never_hides_the_last_stages() -> None:
    """Articles and files are always made from all there is."""
    assert Selection("germany", 1)("publish", _item("all"))
    assert Selection(None, None).is_everything
