"""Numbers written in words."""

from __future__ import annotations

import pytest

from subak.knowledge.text.numbers import read_numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seventeen percent", 17),
        ("forty-one per cent", 41),
        ("ventuno per cento", 21),
        ("trentatré per cento", 33),
        ("quarantotto per cento", 48),
        ("empat belas persen", 14),
        ("tiga puluh enam persen", 36),
        ("siebenundzwanzig Prozent", 27),
        ("treinta y dos por ciento", 32),
        ("vingt et un pour cent", 21),
        ("dell'11 per cento", 11),
    ],
)
def test_spelled_percentages_are_read(text: str, value: float) -> None:
    """In six languages, the sign written out."""
    (number,) = read_numbers(text)
    assert number.percent
    assert number.values == (value,)


@pytest.mark.parametrize("text", ["1'234", "in the '90s", "5'11"])
def test_spelled_leaves_apostrophes_inside_numbers(text: str) -> None:
    """Only an article may stand before a number with an apostrophe."""
    assert not any(each.values == (90.0,) for each in read_numbers(text))
    assert len(read_numbers(text)) <= 1
