"""Coming times: two zones, and what is odd about some of them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from subak.schedule.coming import list_coming, skipped_days
from subak.schedule.timetable import Timetable, daily

ROME = ZoneInfo("Europe/Rome")
MAKASSAR = ZoneInfo("Asia/Makassar")


def _stamp(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_coming_shows_both_zones_and_when_they_part() -> None:
    """06:00 in Bali is 23:00 in Rome in winter, midnight in summer: said once."""
    timetable = Timetable(daily(["06:00"]), MAKASSAR)
    coming = list_coming(timetable, _stamp("2027-03-26T12:00"), 4, ROME)
    assert [f"{each.at:%d %H:%M}" for each in coming] == [
        "27 06:00",
        "28 06:00",
        "29 06:00",
        "30 06:00",
    ]
    assert [f"{each.here:%d %H:%M}" for each in coming] == [
        "26 23:00",
        "27 23:00",
        "29 00:00",
        "30 00:00",
    ]
    (note,) = coming[2].notes
    assert "00:00 on this machine" in note
    assert [each.notes for each in coming if each is not coming[2]] == [()] * 3


@pytest.mark.parametrize(
    ("moment", "said"),
    [("2027-03-27T12:00", "skip its time"), ("2027-10-30T12:00", "comes twice")],
)
def test_coming_says_what_changing_clocks_do(moment: str, said: str) -> None:
    """A gap and an overlap are told on their day, and on no other."""
    timetable = Timetable(daily(["02:30"]), ROME)
    first, *others = list_coming(timetable, _stamp(moment), 5, ROME)
    assert any(said in note for note in first.notes)
    assert all(each.notes == () for each in others)


def test_coming_of_every_quarter_has_no_oddities() -> None:
    """Where no time is fixed none is moved."""
    timetable = Timetable(("*/15 * * * *",), ROME)
    coming = list_coming(timetable, _stamp("2027-10-30T22:00"), 40, ROME)
    assert all(each.notes == () for each in coming)


def test_skipped_days_are_those_of_ten_years() -> None:
    """One a year for a time in the gap, none for others or a zone without gaps."""
    after = _stamp("2027-01-01T00:00")
    days = skipped_days(Timetable(daily(["02:30", "06:00"]), ROME), after)
    assert [f"{day:%Y-%m-%d %H:%M}" for day in days[:2]] == [
        "2027-03-28 03:00",
        "2028-03-26 03:00",
    ]
    assert len(days) == 10
    assert skipped_days(Timetable(daily(["06:00"]), ROME), after) == []
    assert skipped_days(Timetable(daily(["02:30"]), MAKASSAR), after) == []


def test_coming_to_json_tells_offsets() -> None:
    """A program sees moments, not times of day."""
    timetable = Timetable(daily(["06:00"]), MAKASSAR)
    (coming,) = list_coming(timetable, _stamp("2027-03-26T12:00"), 1, ROME)
    assert coming.to_json() == {
        "at": "2027-03-27T06:00:00+08:00",
        "here": "2027-03-26T23:00:00+01:00",
        "notes": [],
    }
