"""Timetable: the moments a recipe is to run at, told by cron expressions in a zone.

What happens when clocks change is Debian cron's way (cronsim does it): a time that
does not exist that day is replaced by the first minute after the gap, a time that
comes twice counts the first time only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from subak.errors import UserError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIELDS = 5


@dataclass(frozen=True, slots=True)
class Timetable:
    """Moments that come again and again.

    Args:
        expressions: Five cron fields each; a moment of any of them counts.
        zone: Where their hours are told.
    """

    expressions: tuple[str, ...]
    zone: ZoneInfo

    @property
    def zone_name(self) -> str:
        """Return the zone's name."""
        return str(self.zone)

    def after(self, moment: float) -> Iterator[datetime]:
        """Yield what comes after a moment, each once, in the timetable's zone."""
        begin = datetime.fromtimestamp(moment, UTC).astimezone(self.zone)
        coming = (CronSim(text, begin) for text in self.expressions)
        last = -1.0
        for found in merge(*coming, key=datetime.timestamp):
            stamp = found.timestamp()
            # Several in one gap become the same minute; and what cronsim moves out
            # of a gap may lie behind where it began.
            if stamp > last and stamp > moment:
                last = stamp
                yield found

    def last_until(self, moment: float) -> datetime | None:
        """Return the newest moment that has come by then, if there is one."""
        begin = datetime.fromtimestamp(moment, UTC).astimezone(self.zone)
        begin = begin.replace(microsecond=0) + timedelta(seconds=1)
        newest: list[datetime] = []
        for text in self.expressions:
            found = next(iter(CronSim(text, begin, reverse=True)), None)
            newest += [] if found is None else [found]
        past = [found for found in newest if found.timestamp() <= moment]
        return max(past, key=datetime.timestamp, default=None)


def check_cron(text: str, *, where: str = "") -> None:
    """Check one cron expression.

    Raises:
        UserError: It is not one of five fields, or never comes.
    """
    fields = text.split()
    if len(fields) != _FIELDS:
        raise UserError(
            f"'{text}' has {len(fields)} fields, not {_FIELDS}",
            where=where,
            hint="write minute, hour, day, month, weekday: 0 6 * * mon-fri",
        )
    try:
        next(CronSim(text, datetime(2026, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise UserError(
            f"'{text}' is not a cron expression: {str(error).lower()}",
            where=where,
            hint="write minute, hour, day, month, weekday: 0 6 * * mon-fri",
        ) from error
    except StopIteration:
        raise UserError(
            f"'{text}' never comes", where=where, hint="look at its day and month"
        ) from None


def daily(times: Sequence[str], weekdays: Sequence[str] = ()) -> tuple[str, ...]:
    """Return times of day as cron expressions.

    Args:
        times: As "06:00".
        weekdays: As "mon"; none means every day.
    """
    days = ",".join(str(DAYS.index(day) + 1) for day in weekdays) or "*"
    hours = (time.split(":") for time in times)
    return tuple(f"{int(minute)} {int(hour)} * * {days}" for hour, minute in hours)
