"""A deadline is the next such time of day."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from subak.schedule.deadline import TIME_OF_DAY, find_deadline


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2027-03-26T22:00", "2027-03-26T23:05"),  # 06:00 there: today
        ("2027-03-26T23:05", "2027-03-27T23:05"),  # at it: tomorrow
        ("2027-03-27T01:00", "2027-03-27T23:05"),
    ],
)
def test_find_deadline_is_the_first_one_after(after: str, expected: str) -> None:
    """07:05 in Bali is 23:05 of the day before in UTC."""
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    deadline = find_deadline("07:05", ZoneInfo("Asia/Makassar"), moment.timestamp())
    found = datetime.fromtimestamp(deadline.at, UTC)
    assert found.isoformat(timespec="minutes") == f"{expected}+00:00"
    assert (deadline.told, deadline.zone) == ("07:05", "Asia/Makassar")


@pytest.mark.parametrize(
    "text", ["7:05", "24:00", "06:60", "06:00 ", "6 am", "06:00:00"]
)
def test_time_of_day_is_told_in_one_form(text: str) -> None:
    """Anything but two digits, a colon and two digits is none."""
    assert not TIME_OF_DAY.fullmatch(text)
