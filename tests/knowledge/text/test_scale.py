"""Titles that count their numbers in thousands or millions."""

from __future__ import annotations

import pytest

from subak.knowledge.documents.document import Document
from subak.knowledge.text.reading import read
from subak.knowledge.text.scale import scale_of_caption, scale_of_title


@pytest.mark.parametrize(
    ("title", "exponent"),
    [
        ("Income (million dong)", 6),
        ("Penghasilan (juta dong)", 6),
        ("Reddito in migliaia di euro", 3),
        ("Income, EUR '000", 3),
        ("Income (€m)", 6),
        ("Income", 0),
        ("Firms above 5 million", 0),
        ("Rate per thousand", 0),
        ("Income in metres (m)", 0),
    ],
)
def test_scale_of_title_reads_the_word_behind_no_number(
    title: str, exponent: int
) -> None:
    """A magnitude that belongs to a number is that number's own."""
    scale = scale_of_title(title)
    assert (scale.exponent if scale else 0) == exponent


def test_scale_of_caption_wants_it_said() -> None:
    """A caption may mention millions without counting in them."""
    found = scale_of_caption("Amounts in thousands of lei")
    assert found is not None
    assert found.exponent == 3
    assert scale_of_caption("What a million people pay") is None


def test_read_counts_amounts_by_their_column_s_title() -> None:
    """Percentages and numbers with a magnitude of their own stay."""
    text = (
        "| Income (million) | Rate |\n|---|---|\n| 10 – 30 | 12 % |\n| 2 billion | 3 |"
    )
    units = read(Document("d", "u", "T", text)).units
    assert [each.values[0] for each in units[0].numbers] == [10e6, 30e6, 12]
    assert [each.values[0] for each in units[1].numbers] == [2e9, 3]
    assert units[0].scale is not None


def test_read_counts_amounts_by_the_caption() -> None:
    """The line above a table, but not what a column of rates holds."""
    table = "| Income | Rate (%) |\n|---|---|\n| 10 | 12 |\n"
    text = f"# Tax\n\nAmounts in thousands\n\n{table}"
    row = read(Document("d", "u", "T", text)).units[-1]
    assert [each.values[0] for each in row.numbers] == [10e3, 12]
