"""Quotes as notes show them."""

from __future__ import annotations

import pytest

from subak.knowledge.articles.quote_line import quote_line


@pytest.mark.parametrize(
    ("quote", "shown"),
    [
        ("| citizenship by birth | no |", "citizenship by birth: no"),
        ("| Latvia | Riga | 1.8 million |", "Latvia: Riga, 1.8 million"),
        ("| a | b |\n|---|---|\n| c | d |", "a: b; c: d"),
        ("- Standard rate: **22 %**", "Standard rate: 22 %"),
        ("## Taxes and other revenues", "Taxes and other revenues"),
        ("18 years of age;\n  universal", "18 years of age; universal"),
        ("| 22 % |", "22 %"),
        ("", ""),
    ],
)
def test_quote_line_has_no_marks_of_its_page(quote: str, shown: str) -> None:
    """Bars, bullets, hashes and emphasis go; the words stay."""
    assert quote_line(quote) == shown
