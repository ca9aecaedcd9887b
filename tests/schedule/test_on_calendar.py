"""A timetable told to systemd comes when the timetable does, by systemd's own word."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from subak.errors import UserError
from subak.schedule.on_calendar import on_calendar
from subak.schedule.timetable import Timetable, daily

_ANALYZE = shutil.which("systemd-analyze")
_NEXT = re.compile(r"(?:Next elapse|Iter\. #\d+): \w+ ([\d-]+ [\d:]+) UTC")
needs_systemd = pytest.mark.skipif(not _ANALYZE, reason="no systemd-analyze here")


def _stamp(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def _by_systemd(lines: Sequence[str], moment: str, count: int) -> list[str]:
    """Return the first times that systemd itself finds for these lines together."""
    found: set[str] = set()
    for line in lines:
        base = f"{moment.replace('T', ' ')}:00 UTC"
        words = [str(_ANALYZE), "calendar", f"--base-time={base}"]
        done = subprocess.run(
            [*words, f"--iterations={count}", line],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "TZ": "UTC"},
        )
        found.update(_NEXT.findall(done.stdout))
    return sorted(found)[:count]


def _by_us(timetable: Timetable, moment: str, count: int) -> list[str]:
    coming = islice(timetable.after(_stamp(moment)), count)
    return [at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") for at in coming]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("0 6 * * *", ["*-*-* 06:00:00"]),
        ("5 6,18 * * mon-fri", ["Mon,Tue,Wed,Thu,Fri *-*-* 06,18:05:00"]),
        ("*/20 * * * *", ["*-*-* *:00,20,40:00"]),
        ("0 6 1 1,7 *", ["*-01,07-01 06:00:00"]),
        ("0 6 13 * fri", ["*-*-13 06:00:00", "Fri *-*-* 06:00:00"]),
        ("0 6 L * *", ["*-*~01 06:00:00"]),
        ("0 6 15,L * *", ["*-*-15 06:00:00", "*-*~01 06:00:00"]),
        ("0 6 * * fri#2", ["Fri *-*-08..14 06:00:00"]),
        ("0 6 * * 5L", ["Fri *-*~07/1 06:00:00"]),
        ("0 6 * * sun,5L", ["Sun *-*-* 06:00:00", "Fri *-*~07/1 06:00:00"]),
    ],
)
def test_on_calendar_says_each_expression(text: str, lines: list[str]) -> None:
    """Lists, weekdays, either of two days, last days: each has its like."""
    timetable = Timetable((text,), ZoneInfo("Asia/Makassar"))
    after = _stamp("2027-01-01T00:00")
    assert on_calendar(timetable, after) == tuple(
        f"{line} Asia/Makassar" for line in lines
    )


@needs_systemd
@pytest.mark.parametrize(
    "text",
    [
        *("0 6 * * *", "5 6,18 * * mon-fri", "*/20 7-9 * * *", "0 6 13 * fri"),
        *("0 6 L * *", "0 6 * * fri#2", "0 6 * * 5L", "30 5 29 2 *", "0 0 */10 * *"),
        "15 4 1-7 jun sun",
    ],
)
@pytest.mark.parametrize("zone", ["Asia/Makassar", "America/New_York"])
def test_on_calendar_comes_when_the_timetable_does(text: str, zone: str) -> None:
    """systemd finds the same times for the expression as cronsim does."""
    timetable = Timetable((text,), ZoneInfo(zone))
    moment = "2027-01-01T00:00"
    lines = on_calendar(timetable, _stamp(moment))
    assert _by_systemd(lines, moment, 12) == _by_us(timetable, moment, 12)


@needs_systemd
@pytest.mark.parametrize(
    ("zone", "time", "moment"),
    [
        ("Europe/Rome", "02:30", "2027-03-26T12:00"),
        ("Europe/Rome", "06:00", "2027-03-26T12:00"),
        ("Europe/Rome", "06:00", "2027-10-29T12:00"),
        ("America/New_York", "02:30", "2027-03-12T12:00"),
        ("Australia/Lord_Howe", "02:10", "2027-10-01T12:00"),
        ("Asia/Makassar", "06:00", "2027-03-26T12:00"),
    ],
)
def test_on_calendar_where_clocks_change(zone: str, time: str, moment: str) -> None:
    """On the day of the change and beside it systemd finds what we promise."""
    timetable = Timetable(daily([time]), ZoneInfo(zone))
    lines = on_calendar(timetable, _stamp("2027-01-01T00:00"))
    assert _by_systemd(lines, moment, 4) == _by_us(timetable, moment, 4)


@needs_systemd
@pytest.mark.parametrize(
    ("zone", "time", "moment"),
    [
        ("Europe/Rome", "02:30", "2027-10-29T12:00"),
        ("America/New_York", "01:30", "2027-11-05T12:00"),
        ("Australia/Lord_Howe", "01:45", "2027-04-02T12:00"),
    ],
)
def test_on_calendar_of_a_time_that_is_twice_comes_once(
    zone: str, time: str, moment: str
) -> None:
    """systemd may take the later of both, never both."""
    timetable = Timetable(daily([time]), ZoneInfo(zone))
    lines = on_calendar(timetable, _stamp("2027-01-01T00:00"))
    theirs, ours = _by_systemd(lines, moment, 4), _by_us(timetable, moment, 4)
    apart = [
        datetime.fromisoformat(their) - datetime.fromisoformat(our)
        for their, our in zip(theirs, ours, strict=True)
    ]
    assert sum(bool(one) for one in apart) <= 1
    assert all(0 <= one.total_seconds() <= 3_600 for one in apart)


@pytest.mark.parametrize("text", ["0 6 LW * *", "0 6 */2 * fri#1"])
def test_on_calendar_refuses_what_systemd_cannot_say(text: str) -> None:
    """The hint names the way that is left."""
    with pytest.raises(UserError, match="has no like") as caught:
        on_calendar(Timetable((text,), ZoneInfo("UTC")), 0.0)
    assert "--cron" in caught.value.hint
