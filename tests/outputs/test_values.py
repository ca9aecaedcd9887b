"""show_value and times: how values and moments are written for people."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.fact import FieldValue
from subak.outputs.times import day, feed_time, iso_time
from subak.outputs.values import show_value


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (45.0, "%", "45%"),
        (5.5, "%", "5.5%"),
        (4, "years", "4\u00a0years"),
        (277_826, "EUR", "277,826\u00a0EUR"),
        (-1_234_567.5, "", "-1,234,567.5"),
        (1995, "", "1995"),
        (0.0000001, "", "1e-07"),
        (1e22, "", "1e+22"),
        (float("inf"), "", "inf"),
        (True, "", "yes"),
        (False, "%", "no"),
        ("31 July", "", "31 July"),
    ],
)
def test_show_value_reads_naturally(value: FieldValue, unit: str, shown: str) -> None:
    """Units, groups of digits and years are written as usual."""
    assert show_value(value, unit) == shown


def test_times_are_in_utc_and_english() -> None:
    """The same moment in the three forms that files need."""
    moment = 1_795_327_200.9
    assert iso_time(moment) == "2026-11-22T06:00:00Z"
    assert feed_time(moment) == "Sun, 22 Nov 2026 06:00:00 GMT"
    assert day(moment) == "22 November 2026"
