"""Retry-After, as servers write it."""

from __future__ import annotations

import pytest

from subak.sources.failure import read_retry_after

NOW = 1_772_359_200.0  # Sun, 01 Mar 2026 10:00:00 GMT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Sun, 01 Mar 2026 10:01:30 GMT", 90.0),
        ("Sun, 01 Mar 2026 09:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("١٢", None),
        ("9" * 400, 999_999_999.0),
    ],
)
def test_read_retry_after_takes_seconds_and_dates(
    value: str, seconds: float | None
) -> None:
    """Both forms are read; anything else says nothing."""
    assert read_retry_after(value, NOW) == seconds
