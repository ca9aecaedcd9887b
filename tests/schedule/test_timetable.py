"""Timetable: what cron expressions mean in zones whose clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.errors import UserError
from subak.schedule.timetable import Timetable, check_cron, daily

ZONES = (
    "Europe/Rome",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Makassar",
    "UTC",
)
_A_YEAR = st.integers(1_798_761_600, 1_830_297_600)  # 2027


def _stamp(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def _after(timetable: Timetable, moment: str, count: int) -> list[str]:
    coming = islice(timetable.after(_stamp(moment)), count)
    return [at.astimezone(UTC).strftime("%m-%d %H:%M") for at in coming]


@pytest.mark.parametrize(
    ("zone", "time", "moment", "expected"),
    [
        # Clocks go from 2 to 3: the first minute after the gap.
        ("Europe/Rome", "02:30", "2027-03-27T12:00", ["03-28 01:00", "03-29 00:30"]),
        ("Europe/Rome", "06:00", "2027-03-27T12:00", ["03-28 04:00", "03-29 04:00"]),
        # They go from 3 to 2: the first of both, once.
        ("Europe/Rome", "02:30", "2027-10-30T12:00", ["10-31 00:30", "11-01 01:30"]),
        ("Europe/Rome", "06:00", "2027-10-30T12:00", ["10-31 05:00", "11-01 05:00"]),
        (
            "America/New_York",
            "02:30",
            "2027-03-13T12:00",
            ["03-14 07:00", "03-15 06:30"],
        ),
        (
            "America/New_York",
            "01:30",
            "2027-11-06T12:00",
            ["11-07 05:30", "11-08 06:30"],
        ),
        # Half an hour: 2:00 to 2:30, and 2:00 back to 1:30.
        (
            "Australia/Lord_Howe",
            "02:10",
            "2027-10-02T12:00",
            ["10-02 15:30", "10-03 15:10"],
        ),
        (
            "Australia/Lord_Howe",
            "01:45",
            "2027-04-03T12:00",
            ["04-03 14:45", "04-04 15:15"],
        ),
        ("Asia/Makassar", "06:00", "2027-03-27T12:00", ["03-27 22:00", "03-28 22:00"]),
    ],
)
def test_timetable_where_clocks_change(
    zone: str, time: str, moment: str, expected: list[str]
) -> None:
    """A time that does not exist comes after the gap, one that is twice comes once."""
    timetable = Timetable(daily([time]), ZoneInfo(zone))
    assert _after(timetable, moment, 2) == expected


def test_timetable_of_two_times_in_one_gap_comes_once() -> None:
    """Both stand for the same minute."""
    timetable = Timetable(daily(["02:10", "02:40"]), ZoneInfo("Europe/Rome"))
    assert _after(timetable, "2027-03-27T12:00", 3) == [
        "03-28 01:00",
        "03-29 00:10",
        "03-29 00:40",
    ]


def test_timetable_of_every_quarter_goes_by_real_time() -> None:
    """Where minutes or hours are all meant, nothing is moved and nothing left out."""
    timetable = Timetable(("*/15 * * * *",), ZoneInfo("Europe/Rome"))
    coming = list(islice(timetable.after(_stamp("2027-10-30T22:00")), 40))
    steps = {
        later.timestamp() - sooner.timestamp() for sooner, later in pairwise(coming)
    }
    assert steps == {900.0}


def test_daily_takes_weekdays() -> None:
    """Monday is the first day, as cron has it."""
    assert daily(["06:05", "18:00"], ["mon", "sun"]) == ("5 6 * * 1,7", "0 18 * * 1,7")
    timetable = Timetable(daily(["06:00"], ["sat"]), ZoneInfo("UTC"))
    assert _after(timetable, "2027-01-01T12:00", 2) == ["01-02 06:00", "01-09 06:00"]


@given(
    zone=st.sampled_from(ZONES),
    text=st.sampled_from(
        ["30 2 * * *", "0 6,18 * * *", "*/20 * * * *", "45 1 * * 0", "10 2 1,15 * *"]
    ),
    moment=_A_YEAR,
)
def test_last_until_is_the_last_that_came(zone: str, text: str, moment: int) -> None:
    """Looking back finds what looking forward has passed."""
    timetable = Timetable((text,), ZoneInfo(zone))
    found = timetable.last_until(moment)
    assert found is not None
    assert found.timestamp() <= moment
    assert next(timetable.after(moment)).timestamp() > moment
    between = takewhile(
        lambda at: at.timestamp() <= moment, timetable.after(found.timestamp())
    )
    assert list(between) == []


@settings(max_examples=50, deadline=None)
@given(zone=st.sampled_from(ZONES), minutes=st.integers(0, 1439), moment=_A_YEAR)
def test_a_daily_time_comes_once_on_each_day(
    zone: str, minutes: int, moment: int
) -> None:
    """Whatever clocks do, each date of the zone has the time exactly once."""
    time = f"{minutes // 60:02}:{minutes % 60:02}"
    timetable = Timetable(daily([time]), ZoneInfo(zone))
    dates = [at.date() for at in islice(timetable.after(moment), 20)]
    assert dates == [dates[0] + timedelta(days=number) for number in range(20)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0 6 * *", "has 4 fields"),
        ("0 0 6 * * *", "has 6 fields"),
        ("0 25 * * *", "bad hour"),
        ("x 6 * * *", "bad minute"),
        ("0 6 31 2 *", "bad day-of-month"),
        ("0 6 */6 2 mon#5", "never comes"),
    ],
)
def test_check_cron_tells_what_is_wrong(text: str, said: str) -> None:
    """Each wrong expression is answered with its fault and the form of a right one."""
    with pytest.raises(UserError, match=said) as caught:
        check_cron(text, where="schedule.cron")
    assert caught.value.where == "schedule.cron"
    assert caught.value.hint


def test_check_cron_takes_a_right_one() -> None:
    """Names and steps are fine."""
    check_cron("*/15 6-9 * jan-mar mon-fri")
