"""Blocks become one text: folded, structured, the same each time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.sources.blocks import Blocks


def test_blocks_structure_is_kept_in_lines() -> None:
    """Headings, items, rows and paragraphs have their marks and distances."""
    blocks = Blocks()
    blocks.heading(1, "Germany")
    blocks.paragraph("total: 1\nland: 2")
    blocks.item("VAT")
    blocks.item("standard 19 %", 1)
    blocks.end()
    blocks.item("other list")
    blocks.row(("Tax", "Rate"), is_header=True)
    blocks.row(("VAT", "19 %"))
    blocks.end()
    blocks.row(("a|b", "", "c"))
    blocks.heading(9, "deep")
    assert blocks.text() == (
        "# Germany\n\ntotal: 1\nland: 2\n\n- VAT\n  - standard 19 %\n\n- other list\n\n"
        "| Tax | Rate |\n| --- | --- |\n| VAT | 19 % |\n\n"
        "| a\\|b |  | c |\n\n###### deep"
    )


def test_blocks_row_with_one_cell_is_a_paragraph() -> None:
    """Layout tables and captions are no rows."""
    blocks = Blocks()
    blocks.row(("", "a | b", ""))
    assert blocks.text() == "a | b"


@pytest.mark.parametrize("add", ["", " \n\t ", "\u200b\u00ad\ufeff"])
def test_blocks_empty_text_leaves_nothing(add: str) -> None:
    """Blank and invisible text is no block."""
    blocks = Blocks()
    blocks.heading(1, add)
    blocks.paragraph(add)
    blocks.item(add)
    blocks.row((add, add))
    assert blocks.text() == ""


def test_blocks_drop_what_is_never_visible() -> None:
    """Controls, soft hyphens, bidi overrides and tag characters go; joiners stay."""
    blocks = Blocks()
    hidden = "\u00ad\u200b\u202e\u2066\ufeff\x00\x1b\U000e0041\ud800"
    blocks.paragraph(f"1\u00a0000\u202f000 {hidden}€ \u0645\u06cc\u200c\u062e")
    assert blocks.text() == "1 000 000 € \u0645\u06cc\u200c\u062e"


@given(st.lists(st.text(max_size=30), max_size=8))
def test_blocks_folding_again_changes_nothing(texts: list[str]) -> None:
    """A folded paragraph is already folded."""
    first, second = Blocks(), Blocks()
    for text in texts:
        first.paragraph(text)
    for paragraph in first.text().split("\n\n"):
        second.paragraph(paragraph)
    assert second.text() == first.text()
    assert first.text() == first.text().encode().decode()
