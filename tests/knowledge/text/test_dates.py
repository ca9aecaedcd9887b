"""Dates and years are read by their form."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.text.dates import read_dates, read_years


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-01-31", "2024-01-31"),
        ("1 January 2024", "2024-01-01"),
        ("1st of January 2024", "2024-01-01"),
        ("January 1, 2024", "2024-01-01"),
        ("Jan 2024", "2024-01"),
        ("1º gennaio 2024", "2024-01-01"),
        ("17 Agustus 1945", "1945-08-17"),
        ("1 Januari 2024", "2024-01-01"),
        ("31/12/2024", "2024-12-31"),
        ("31.12.2024", "2024-12-31"),
        ("2/23/2025", "2025-02-23"),
        ("05/05/2024", "2024-05-05"),
    ],
)
def test_date_of_clear_form_has_one_value(text: str, value: str) -> None:
    """ISO, written and numeric dates in three languages."""
    (reading,) = read_dates(f"since {text}, they say")
    assert reading.values == (value,)


def test_date_with_small_numbers_is_ambiguous() -> None:
    """01/02/2024 may be January or February."""
    (reading,) = read_dates("01/02/2024")
    assert reading.is_ambiguous
    assert reading.values == ("2024-02-01", "2024-01-02")


@pytest.mark.parametrize(
    "text", ["31/31/2024", "2024-13-01", "30 February 2024", "May"]
)
def test_date_that_is_none_is_not_read(text: str) -> None:
    """Impossible days are no dates."""
    assert [value for each in read_dates(text) for value in each.values] in (
        [],
        ["2024-02"],
    )


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2.4% of GDP (2025 est.)", [2025]),
        ("from 1 January, 2024 on", [2024]),
        ("2,024 people and 2024.5 points", []),
        ("$2024 or 2024%", []),
        ("in 1999 and 2001", [1999, 2001]),
    ],
)
def test_years_are_not_amounts(text: str, years: list[int]) -> None:
    """Four digits are a year unless they are money, a share or part of a number."""
    assert [year.value for year in read_years(text)] == years


@given(st.dates(min_value=date(1500, 1, 1), max_value=date(2099, 12, 31)))
def test_date_survives_being_written(day: date) -> None:
    """ISO dates are read back exactly."""
    (reading,) = read_dates(f"({day.isoformat()})")
    assert reading.values == (day.isoformat(),)
