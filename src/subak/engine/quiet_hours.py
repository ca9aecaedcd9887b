"""QuietHours: the part of each day in which the machine is to be left in peace."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from subak.errors import UserError

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Span:
    """From one minute of the day to another, past midnight where it is less."""

    begin: int
    end: int

    def has(self, minute: int) -> bool:
        """Tell whether a minute of the day lies in it; the end does not."""
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


def parse_quiet_hours(text: str) -> Span:
    """Read "22:00-07:00".

    Raises:
        UserError: It is not of that form, or without any length.
    """
    found = _SPAN.fullmatch(text.replace(" ", "").replace("–", "-"))
    if found is None:
        raise UserError(
            f"'{text}' are no hours", hint="write them like this: 22:00-07:00"
        )
    hours = [int(part) for part in found.groups()]
    begin, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if begin == end:
        raise UserError(
            f"'{text}' begins when it ends", hint="write them like this: 22:00-07:00"
        )
    return Span(begin, end)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of the clocks of a zone.

    Args:
        text: As it was written.
        zone: Whose clocks.
    """

    text: str
    zone: tzinfo

    def is_quiet(self, ts: float) -> bool:
        """Tell whether a moment, in seconds since the epoch, lies in them."""
        there = datetime.fromtimestamp(ts, self.zone)
        return parse_quiet_hours(self.text).has(there.hour * 60 + there.minute)
