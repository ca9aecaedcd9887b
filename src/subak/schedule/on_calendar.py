"""A timetable as systemd's calendar expressions (systemd.time(7))."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from cronsim import CronSim

from subak.errors import UserError
from subak.schedule.coming import skipped_days
from subak.schedule.timetable import Timetable

_DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
_WEEK = 7
_LAST_DAY = "~01"
_LAST_WEEK = "~07/1"


def on_calendar(timetable: Timetable, after: float) -> tuple[str, ...]:
    """Return expressions that come when the timetable does.

    systemd leaves out a time on the day on which clocks skip it (measured with
    ``systemd-analyze calendar``, version 252). What the timetable has instead is
    told by date, for the coming years.

    Raises:
        UserError: An expression has no like there.
    """
    lines = [line for text in timetable.expressions for line in _lines(text)]
    lines += [f"{day:%Y-%m-%d %H:%M:%S}" for day in skipped_days(timetable, after)]
    return tuple(dict.fromkeys(f"{line} {timetable.zone_name}" for line in lines))


def _lines(text: str) -> Iterator[str]:
    sim = CronSim(text, datetime(2026, 1, 1, tzinfo=UTC))
    months = f"*-{_listed(sim.months, range(1, 13))}"
    time = f"{_listed(sim.hours, range(24))}:{_listed(sim.minutes, range(60))}:00"
    days = list(_days_of_month(sim, text))
    plain = {one % _WEEK for one in sim.weekdays if isinstance(one, int)}
    if plain or not sim.day_and:
        # Both must fit, or cron's other way: where both are told, one is enough.
        week = _week(plain) if sim.day_and else ""
        yield from (f"{week}{months}{day} {time}" for day in days)
    if plain and not sim.day_and:
        yield f"{_week(plain)}{months}-* {time}"
    for weekday, which in sorted(one for one in sim.weekdays if isinstance(one, tuple)):
        if sim.day_and and days != ["-*"]:
            raise _no_like(text)
        yield f"{_DAYS[weekday % _WEEK]} {months}{_nth_week(which)} {time}"


def _days_of_month(sim: CronSim, text: str) -> Iterator[str]:
    if CronSim.LAST_WEEKDAY in sim.days:
        raise _no_like(text)
    if plain := sim.days - {CronSim.LAST}:
        yield f"-{_listed(plain, range(1, 32))}"
    if CronSim.LAST in sim.days:
        yield _LAST_DAY


def _nth_week(number: int) -> str:
    if number == CronSim.LAST:
        return _LAST_WEEK
    first = _WEEK * (number - 1) + 1
    return f"-{first:02}..{min(first + _WEEK - 1, 31):02}"


def _week(days: Collection[int]) -> str:
    """Return weekdays and a space, nothing for all of them."""
    if len(days) == _WEEK:
        return ""
    return ",".join(_DAYS[day] for day in sorted(days, key=lambda d: d or _WEEK)) + " "


def _listed(numbers: Collection[int], all_of: range) -> str:
    if len(numbers) == len(all_of):
        return "*"
    return ",".join(f"{number:02}" for number in sorted(numbers))


def _no_like(text: str) -> UserError:
    return UserError(
        f"systemd's calendar has no like of '{text}'",
        where="schedule.cron",
        hint="use a plainer expression, or: subak schedule install RECIPE --cron",
    )
