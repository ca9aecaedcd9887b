"""Deadline: a time of day in a zone, and the moment it next comes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from subak.schedule.timetable import Timetable, daily

TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a run is to be done.

    Args:
        at: Seconds since the epoch.
        told: As it was written, "07:05".
        zone: Where it was meant, "Asia/Makassar".
    """

    at: float
    told: str
    zone: str


def find_deadline(time: str, zone: ZoneInfo, after: float) -> Deadline:
    """Return the first moment after another at which clocks of the zone show a time."""
    coming = Timetable(daily([time]), zone).after(after)
    return Deadline(next(coming).timestamp(), time, str(zone))
