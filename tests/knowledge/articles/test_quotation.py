"""Words of documents are cleaned, never changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.articles.quotation import clean
from subak.knowledge.text.number_form import localised


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("- The fee is **35** euros.", "The fee is 35 euros."),
        ("3. See [the law](https://x.example/a).", "See the law."),
        ("# A heading of four words", "A heading of four words"),
        ("  two\n lines ", "two lines"),
        ("5 * 3 is 15", "5 * 3 is 15"),
        ("in 2024. It rose", "in 2024. It rose"),
    ],
)
def test_clean_takes_markup_and_nothing_else(unit: str, text: str) -> None:
    """List marks, emphasis and link addresses go; words and numbers stay."""
    assert clean(unit) == text


@given(st.text(alphabet="abc 0159.,()", max_size=60))
def test_clean_keeps_plain_text(text: str) -> None:
    """Text without markup only loses spare blanks, or a list number in front."""
    assert text.split()[-1:] == clean(f"a {text}").split()[1:][-1:]


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "EUR 1,234.5 million"),
        ("it", "EUR 1.234,5 milioni"),
        ("id-ID", "EUR 1.234,5 juta"),
        ("xx", "EUR 1,234.5 million"),
    ],
)
def test_localised_writes_numbers_of_the_language(language: str, written: str) -> None:
    """Marks and magnitudes are those of the language, English else."""
    assert localised("EUR 1,234.5 million", language) == written
