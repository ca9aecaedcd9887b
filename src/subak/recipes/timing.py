"""What a recipe says about time: when it runs, in which zone, and until when."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from subak.errors import Problem, UserError
from subak.recipes.schedule_section import ScheduleSection
from subak.schedule.deadline import TIME_OF_DAY, Deadline, find_deadline
from subak.schedule.time_zone import find_zone, machine_zone
from subak.schedule.timetable import Timetable, check_cron, daily

_ZONE = "schedule.timezone"
_CRON = "schedule.cron"
NO_DEADLINE = "none"


def zone_of(section: ScheduleSection) -> ZoneInfo:
    """Return the zone a schedule is told in: its own, else this machine's.

    Raises:
        UserError: There is no such zone.
    """
    if section.timezone:
        return find_zone(section.timezone, where=_ZONE)
    return machine_zone(os.environ)


def timetable_of(section: ScheduleSection) -> Timetable:
    """Return when the recipe is to run.

    Raises:
        UserError: It doesn't say.
    """
    times = _times(section)
    expressions = (section.cron,) if section.cron else daily(times, section.weekdays)
    if not expressions:
        raise UserError(
            "the recipe does not say when it is to run",
            where="schedule",
            hint='write into it: [schedule], and below it: at = "06:00"',
        )
    return Timetable(expressions, zone_of(section))


def deadline_of(
    section: ScheduleSection, asked: str | None, after: float
) -> Deadline | None:
    """Return the deadline of a run that begins at a moment, None for none.

    Args:
        asked: What a flag says over the recipe: a time of day, "none", or nothing.

    Raises:
        UserError: The flag says no time of day.
    """
    text = section.deadline if asked is None else asked
    if text in ("", NO_DEADLINE):
        return None
    if not TIME_OF_DAY.fullmatch(text):
        raise UserError(
            f"'{text}' is no time of day",
            where="--deadline",
            hint="write it as 07:05, or none",
        )
    return find_deadline(text, zone_of(section), after)


def find_schedule_problems(section: ScheduleSection) -> Iterator[Problem]:
    """Yield what is well-formed in a schedule but cannot be meant."""
    if section == ScheduleSection():
        return
    times = _times(section)
    if section.cron and times:
        yield Problem(_CRON, "stands beside `at`", "give one of them")
    if not (section.cron or times or section.deadline):
        yield Problem("schedule.at", "is missing", 'give times of day: at = "06:00"')
    if section.weekdays and not times:
        yield Problem(
            "schedule.weekdays",
            "has no meaning without `at`",
            "a cron expression tells its weekdays itself",
        )
    for key, text in [
        *(("at", time) for time in times),
        *([("deadline", section.deadline)] if section.deadline else []),
    ]:
        if not TIME_OF_DAY.fullmatch(text):
            hint = 'write it with 24 hours, two digits each: "06:00"'
            yield Problem(f"schedule.{key}", f"'{text}' is no time of day", hint)
    yield from _outside_problems(section)


def _outside_problems(section: ScheduleSection) -> Iterator[Problem]:
    """Yield what zones and cron expressions say no to."""
    try:
        if section.timezone:
            find_zone(section.timezone)
    except UserError as error:
        yield Problem(_ZONE, error.message, error.hint)
    try:
        if section.cron:
            check_cron(section.cron)
    except UserError as error:
        yield Problem(_CRON, error.message, error.hint)


def _times(section: ScheduleSection) -> Sequence[str]:
    if isinstance(section.at, str):
        return (section.at,) if section.at else ()
    return section.at
