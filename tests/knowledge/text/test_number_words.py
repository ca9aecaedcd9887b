"""Number words are read as the digits they say, in three languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.text.number_words import in_digits

ENGLISH = (
    ("ninety days", "90 days"),
    ("twenty-five percent", "25 percent"),
    ("a year and a half", "18 months"),
    ("four fifths of it", "80 percent of it"),
    ("a quarter of a percentage point", "25 basis points"),
    ("one hundred and five", "105"),
    ("sixty thousand euros", "60,000 euros"),
    ("60 thousand euros", "60 thousand euros"),
    ("twenty or thirty", "20 or 30"),
    ("a thirty-day visa", "a 30 day visa"),
    ("one must pay", "one must pay"),
)


@pytest.mark.parametrize(("text", "plain"), ENGLISH)
def test_in_digits_reads_english(text: str, plain: str) -> None:
    """Compounds, fractions and lengths of time become digits; a pronoun doesn't."""
    assert in_digits(text, "en") == plain


ITALIAN = (
    ("ventidue per cento", "22 per cento"),
    ("ventuno giorni", "21 giorni"),
    ("quattro quinti", "80 per cento"),
    ("un milione di euro", "1 milione di euro"),
    ("trecentosessantacinque", "365"),
    ("duemila euro", "2.000 euro"),
)


@pytest.mark.parametrize(("text", "plain"), ITALIAN)
def test_in_digits_reads_italian(text: str, plain: str) -> None:
    """Words written together are taken apart; "per cento" stays."""
    assert in_digits(text, "it") == plain


INDONESIAN = (
    ("dua puluh dua persen", "22 persen"),
    ("sembilan belas", "19"),
    ("seratus dua puluh lima", "125"),
    ("empat setengah persen", "4,5 persen"),
    ("nol persen", "0 persen"),
    ("lima ratus ribu", "500.000"),
    ("2 ribu", "2 ribu"),
)


@pytest.mark.parametrize(("text", "plain"), INDONESIAN)
def test_in_digits_reads_indonesian(text: str, plain: str) -> None:
    """Tens, teens, hundreds and halves become digits."""
    assert in_digits(text, "id") == plain


@given(st.integers(min_value=0, max_value=10**9), st.sampled_from(["en", "it", "id"]))
def test_in_digits_leaves_digits_alone(number: int, code: str) -> None:
    """What is written in digits stays as it is."""
    assert in_digits(f"{number} x", code) == f"{number} x"


def test_in_digits_leaves_other_languages_alone() -> None:
    """A language without words of ours is returned as it is."""
    assert in_digits("zwanzig", "de") == "zwanzig"
