"""Crontab lines come whenever the timetable may, in this machine's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from subak.errors import UserError
from subak.schedule.crontab import crontab_lines
from subak.schedule.timetable import Timetable, daily
from subak.schedule.units import Launch

_NOW = datetime(2027, 1, 1, tzinfo=UTC).timestamp()
_YEAR_S = 366 * 86_400.0
LAUNCH = Launch("taxes", Path("/t/recipe.toml"), "/usr/bin/python3", Path("/none"))


def _fields(timetable: Timetable, here: str) -> str:
    lines = crontab_lines(LAUNCH, timetable, ZoneInfo(here), _NOW)
    assert lines[0].startswith("# subak: subak-taxes-")
    assert lines[2].startswith("@reboot ")
    return " ".join(lines[1].split()[:5])


@pytest.mark.parametrize(
    ("zone", "here", "times", "fields"),
    [
        ("Asia/Makassar", "Asia/Makassar", ["06:00"], "0 6 * * *"),
        ("Asia/Makassar", "UTC", ["06:00"], "0 22 * * *"),
        ("Asia/Makassar", "Europe/Rome", ["06:00"], "0 0,23 * * *"),
        ("Asia/Makassar", "Australia/Lord_Howe", ["06:00"], "0,30 8,9 * * *"),
        ("America/New_York", "America/New_York", ["06:15", "18:15"], "15 6,18 * * *"),
        # On the day of the gap it comes at three.
        ("Europe/Rome", "Europe/Rome", ["02:30"], "0,30 2,3 * * *"),
    ],
)
def test_crontab_comes_at_each_time_of_day_there_may_be(
    zone: str, here: str, times: list[str], fields: str
) -> None:
    """Where the zones drift apart with the seasons both hours are there."""
    assert _fields(Timetable(daily(times), ZoneInfo(zone)), here) == fields


@pytest.mark.parametrize("text", ["0 6 * * 1-5", "15 */3 * * *", "30 2 * * *"])
@pytest.mark.parametrize("here", ["Europe/Rome", "Asia/Makassar"])
def test_crontab_misses_no_time_of_a_year(text: str, here: str) -> None:
    """Each time of the timetable is one at which cron starts the line."""
    timetable = Timetable((text,), ZoneInfo("America/New_York"))
    started = CronSim(_fields(timetable, here), datetime(2027, 1, 1, tzinfo=UTC))
    coming = takewhile(
        lambda at: at.timestamp() < _NOW + _YEAR_S, timetable.after(_NOW)
    )
    starts = {(m, h) for m in started.minutes for h in started.hours}
    for at in coming:
        shown = at.astimezone(ZoneInfo(here))
        assert (shown.minute, shown.hour) in starts


def test_crontab_begins_only_what_is_due_and_keeps_what_it_says() -> None:
    """The line runs the recipe as a timer would, and writes beside it."""
    timetable = Timetable(daily(["06:00"]), ZoneInfo("UTC"))
    _, line, reboot = crontab_lines(LAUNCH, timetable, ZoneInfo("UTC"), _NOW)
    command = "/usr/bin/python3 -m subak run /t/recipe.toml --scheduled -q"
    assert command in line
    assert command in reboot
    assert line.endswith(">> /t/.subak/schedule.log 2>&1")


def test_crontab_refuses_a_folder_with_a_line_break() -> None:
    """It could not be written, so nothing half right is."""
    launch = Launch("taxes", Path("/a\nb/recipe.toml"), "python", Path("/none"))
    timetable = Timetable(daily(["06:00"]), ZoneInfo("UTC"))
    with pytest.raises(UserError, match="line break"):
        crontab_lines(launch, timetable, ZoneInfo("UTC"), _NOW)
