"""A timetable as lines of a crontab, for machines without systemd.

Not every cron knows ``CRON_TZ``. So the lines come at each time of this machine's day
that may stand for one of the timetable's, and `subak run --scheduled` does nothing
where none is due.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

from subak.schedule.coming import skipped_days
from subak.schedule.quoting import crontab_word
from subak.schedule.timetable import Timetable
from subak.schedule.units import Launch

_HOUR = 60
_DAY = 24 * _HOUR
# Two years see all that changes with the seasons; half an hour is the least by which
# two zones change at different moments of one night.
_STEP_S = 1_800.0
_STEPS = 800 * 48
_NONE = timedelta()


def crontab_lines(
    launch: Launch, timetable: Timetable, here: ZoneInfo, after: float
) -> Sequence[str]:
    """Return the lines: one for the times of day, one to make up for a missed one.

    Args:
        here: The zone cron goes by.
        after: The time of asking.

    Raises:
        UserError: A path cannot stand in a crontab.
    """
    log = crontab_word(str(launch.recipe.parent / ".subak" / "schedule.log"))
    words = " ".join(map(crontab_word, [*launch.words, "-q"]))
    folder = crontab_word(str(launch.recipe.parent / ".subak"))
    command = f"mkdir -p {folder} && {words} >> {log} 2>&1"
    minutes, hours = _times_of_day(timetable, here, after)
    return (
        f"# subak: {launch.unit}",
        f"{_listed(minutes, 60)} {_listed(hours, 24)} * * * {command}",
        f"@reboot {command}",
    )


def _times_of_day(
    timetable: Timetable, here: ZoneInfo, after: float
) -> tuple[set[int], set[int]]:
    """Return all minutes and hours at which this machine may show one of its times."""
    named = {
        _HOUR * hour + minute
        for text in timetable.expressions
        for sim in [CronSim(text, datetime(2026, 1, 1, tzinfo=UTC))]
        for hour in sim.hours
        for minute in sim.minutes
    }
    named |= {_HOUR * at.hour + at.minute for at in skipped_days(timetable, after)}
    shown = [
        divmod((time + apart) % _DAY, _HOUR)
        for apart in _minutes_apart(timetable.zone, here, after)
        for time in named
    ]
    return {minute for _, minute in shown}, {hour for hour, _ in shown}


def _minutes_apart(zone: ZoneInfo, here: ZoneInfo, after: float) -> set[int]:
    """Return how far this machine's clocks are ahead of the zone's, over two years."""
    found = set()
    for step in range(_STEPS if zone != here else 1):
        moment = datetime.fromtimestamp(after + step * _STEP_S, UTC)
        at, shown = moment.astimezone(zone), moment.astimezone(here)
        apart = (shown.utcoffset() or _NONE) - (at.utcoffset() or _NONE)
        found.add(round(apart.total_seconds() / 60))
    return found


def _listed(numbers: Collection[int], all_of: int) -> str:
    return "*" if len(numbers) == all_of else ",".join(map(str, sorted(numbers)))
