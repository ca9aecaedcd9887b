"""Numbers are read by their form, and compared by value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.checking.quoted import unquoted_number
from subak.knowledge.text.figures import figures, readings
from subak.knowledge.text.language import ENGLISH, INDONESIAN, ITALIAN, Language


def read(text: str, language: Language = ENGLISH) -> list[tuple[str, str, str]]:
    """Return value, kind and measure of each figure; ambiguous values joined."""
    return [
        (
            "/".join(sorted(f"{value:f}" for value in figure.values)),
            figure.kind,
            figure.measure,
        )
        for figure in figures(text, language)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.5 % of GDP (2024)", [("1.5", "percent", ""), ("2024", "year", "")]),
        ("five percent", [("5", "percent", "")]),
        (
            "60.000.000 or 2 760,00",
            [("60000000", "number", ""), ("2760.00", "number", "")],
        ),
        ("1,500", [("1.500/1500", "number", "")]),
        ("0.125", [("0.125", "number", "")]),
        ("1.5 million", [("1500000", "number", "")]),
        ("an 8-year stay", [("8", "number", "year")]),
        ("-3.2%", [("-3.2", "percent", "")]),
        ("5-10 km", [("5", "number", ""), ("10", "number", "kilometre")]),
        ("5 March 2024", [("20240305", "date", "")]),
        ("March 5, 2024", [("20240305", "date", "")]),
        ("2024-03-05", [("20240305", "date", "")]),
        ("B2B, A4, 1st, 12 km2", [("12", "number", "")]),
    ],
)
def test_figures_are_read_by_form(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    """Separators, signs, units, magnitudes and dates decide, not the language."""
    assert read(text) == expected


def test_figures_know_number_words_of_three_languages() -> None:
    """One to twelve are numbers in English, Italian and Indonesian."""
    assert read("twelve years") == [("12", "number", "year")]
    assert read("dodici anni", ITALIAN) == [("12", "number", "year")]
    assert read("tiga tahun", INDONESIAN) == [("3", "number", "year")]


@given(st.integers(min_value=0, max_value=10**12))
def test_readings_survive_grouping(number: int) -> None:
    """Every way of grouping digits holds the number."""
    for mark in (",", ".", " ", "'"):
        assert Decimal(number) in readings(f"{number:,}".replace(",", mark))


@given(
    st.text(alphabet="0123456789.,' ", max_size=12).filter(lambda t: t[:1].isdigit())
)
def test_readings_never_give_more_than_two(form: str) -> None:
    """A written number means one value, or two where its one mark is open."""
    form = form.rstrip("., '")
    assert len(readings(form)) <= 2


@pytest.mark.parametrize(
    ("text", "quote", "missing"),
    [
        ("The rate is 1,500 EUR.", "rate 1.500 EUR", ""),
        ("The rate is 1.5 million.", "1,500,000", ""),
        ("The rate is 15%.", "a factor of 0.15", ""),
        ("The rate is 15%.", "| VAT, % | 15 |", ""),
        ("It began on 2024-03-05.", "since 05/03/2024", ""),
        ("It began in 2024.", "since 5 March 2024", ""),
        ("The rate is 15%.", "the rate is 16%", "15%"),
        ("The rate is 5%.", "the rate is 15%", "5%"),
        ("The rate is 5.", "rates of 0.5 and 5,5", "5"),
        ("The form is A4.", "the form is A5", "4"),
        ("Formula 1 costs 5.", "it costs 5", ""),
        ("At least one parent.", "a parent", ""),
    ],
)
def test_quoted_numbers_are_found_by_value(text: str, quote: str, missing: str) -> None:
    """Every number must stand in a quote, in any form; names and words don't count."""
    assert unquoted_number(text, [quote], ["Formula 1"]) == missing


def test_quoted_numbers_may_come_from_several_quotes() -> None:
    """A comparison takes one number from each of its quotes."""
    assert unquoted_number("From 5 to 6.", ["it was 5", "it is 6"], []) == ""
