"""Numbers are read by their form alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.text.numbers import Number, decimal_mark, read_numbers, settle


def _one(text: str) -> Number:
    found = read_numbers(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1\u00a0234\u202f567", 1234567),
        ("1'234.50", 1234.5),
        ("1’234", 1234),
        ("2 760,00", 2760),
        ("2.760,00", 2760),
        ("15.13", 15.13),
        ("15,13", 15.13),
        ("0.925", 0.925),
        ("0,125", 0.125),
        ("60.000.000", 60_000_000),
        ("84,012,284", 84_012_284),
        ("10,00,000", 1_000_000),
        ("1234", 1234),
        ("1.2345", 1.2345),
        ("-0.2", -0.2),
        ("−3", -3),
        ("5.247 trillion", 5_247_000_000_000),
        ("1,5 miliardi", 1_500_000_000),
        ("4,8 juta", 4_800_000),
        ("2 miliar", 2_000_000_000),
        ("3 triliun", 3_000_000_000_000),
        ("7 lakh", 700_000),
        ("five", 5),
    ],
)
def test_number_of_unambiguous_form_has_one_value(text: str, value: float) -> None:
    """Grouping, decimal mark and magnitude are read from the form."""
    assert _one(text).values in ((value,), (value, value * 1000))


@pytest.mark.parametrize("text", ["1,234.5", "2 760,00", "60.000.000", "15.13"])
def test_number_of_clear_form_is_not_ambiguous(text: str) -> None:
    """A proved form has exactly one value."""
    assert not _one(text).is_ambiguous


@pytest.mark.parametrize(("text", "mark"), [("1.234", "."), ("1,234", ",")])
def test_number_with_one_separator_and_three_digits_keeps_both_readings(
    text: str, mark: str
) -> None:
    """The form alone can't tell 1.234 from 1234."""
    number = _one(text)
    assert (number.is_ambiguous, number.values) == (True, (1.234, 1234))
    assert settle(number, mark).values == (1.234,)
    assert settle(number, "," if mark == "." else ".").values == (1234,)
    assert settle(number, "") == number


@pytest.mark.parametrize(
    "text", ["19%", "19 %", "19 percent", "19 per cent", "19 persen", "19 per cento"]
)
def test_number_knows_percent(text: str) -> None:
    """Percent is recognised in three languages."""
    number = _one(text)
    assert number.percent
    assert (number.start, number.end) == (0, len(text))


@pytest.mark.parametrize(
    "text", ["2 percentage points", "2 punti", "5 persone", "1 percentile"]
)
def test_number_is_not_percent_by_resemblance(text: str) -> None:
    """Words that merely begin like percent don't make one."""
    assert not _one(text).percent


@pytest.mark.parametrize(
    ("text", "currency", "value"),
    [
        ("$5.247 trillion", "$", 5.247e12),
        ("US$ 100", "USD", 100),
        ("EUR 50", "EUR", 50),
        ("50 euro", "EUR", 50),
        ("€5m", "EUR", 5e6),
        ("Rp60.000.000", "IDR", 60_000_000),
        ("Rp. 4,5 juta", "IDR", 4_500_000),
        ("12.570 £", "£", 12.57),
        ("-$5", "$", -5),
        ("3 million euros", "EUR", 3e6),
    ],
)
def test_number_knows_currency(text: str, currency: str, value: float) -> None:
    """Signs, codes and names are taken with the number."""
    number = _one(text)
    assert number.currency == currency
    assert number.values[0] == value
    assert text[number.start : number.end] == text


@pytest.mark.parametrize(
    "text",
    ["1/2", "G-7", "COVID-19", "2nd", "18th", "1.2.3", "8.87.1", "1.23,456", "CO2"],
)
def test_number_is_not_read_from_names_and_fractions(text: str) -> None:
    """Fractions, ordinals, versions and names hold no number."""
    assert read_numbers(text) == ()


def test_number_in_a_range_shares_its_unit() -> None:
    """In "15-20 %" both ends are percentages, and the dash is no minus."""
    first, second = read_numbers("from 15-20 % of income")
    assert (first.values, second.values) == ((15,), (20,))
    assert first.percent
    assert second.percent
    assert first.in_range
    assert second.in_range
    assert not any(number.in_range for number in read_numbers("10 and 20 %"))


def test_number_alone_in_brackets_in_a_cell_is_negative() -> None:
    """Accountants' brackets count in cells only, not in running text."""
    assert _one("| loss | (1,234.5) |").values == (-1234.5,)
    assert _one("the share (12.5) fell").values == (12.5,)


def test_number_merged_from_two_is_not_in_the_text() -> None:
    """15 % and 13 % never read as 15.13."""
    values = [number.values for number in read_numbers("15 % and 13 %")]
    assert values == [(15,), (13,)]


def test_decimal_mark_follows_the_text_then_the_language() -> None:
    """Unanimous numbers decide, without any the language; a mix decides nothing."""
    assert decimal_mark(read_numbers("1.234,5 und 2.000"), "en") == ","
    assert decimal_mark(read_numbers("1.234"), "it") == ","
    assert decimal_mark(read_numbers("1,234.5 and 1.234,5"), "en") == ""


@given(st.integers(-(10**12), 10**12), st.integers(0, 99), st.sampled_from(".,"))
def test_number_survives_being_written_with_groups(
    whole: int, cents: int, mark: str
) -> None:
    """What is written with groups and two decimals is read back exactly."""
    text = f"{whole:,}.{cents:02d}"
    if mark == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    expected = float(f"{whole}.{cents:02d}")
    assert _one(text).values == (expected,)


@given(st.text(max_size=80))
def test_numbers_of_any_text_lie_in_it(text: str) -> None:
    """Readings are in order, non-empty and inside the text."""
    for number in read_numbers(text):
        assert 0 <= number.start < number.end <= len(text)
        assert number.values


def test_amount_before_a_percentage_is_none() -> None:
    """ "Up to 20,000 and 7 %": they share no unit; "6 and 7 %" do, ordinals count."""
    amount, rate = read_numbers("up to 20,000 and 7 %")
    assert (amount.percent, rate.percent) == (False, True)
    assert all(each.percent for each in read_numbers("6 and 7 %"))
    assert [each.values for each in read_numbers("1° gradino: 7")] == [(7.0,)]
