"""Coming: a time of a timetable, as two zones show it, with what is odd about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from cronsim import CronSim

from subak.schedule.timetable import Timetable

_GAP_YEARS = 10
_DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Coming:
    """One coming time.

    Args:
        at: In the timetable's zone.
        here: The same moment as this machine's clocks will show it.
        notes: What clocks that change do to it, in words.
    """

    at: datetime
    here: datetime
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return it with the offsets of both zones."""
        return {
            "at": self.at.isoformat(),
            "here": self.here.isoformat(),
            "notes": list(self.notes),
        }


def list_coming(
    timetable: Timetable, after: float, count: int, here: ZoneInfo
) -> list[Coming]:
    """Return the next times after a moment."""
    return list(islice(_iter_coming(timetable, after, here), count))


def skipped_days(timetable: Timetable, after: float) -> list[datetime]:
    """Return the times that stand for one which clocks skip, for ten years."""
    if all(_is_regular(text) for text in timetable.expressions):
        return []
    found = []
    for gap in _gaps(timetable.zone, after):
        for at in timetable.after(gap - _DAY_S / 2):
            if at.timestamp() > gap:
                break
            if at.timestamp() == gap and _is_moved(timetable, at):
                found.append(at)
    return found


def _iter_coming(
    timetable: Timetable, after: float, here: ZoneInfo
) -> Iterator[Coming]:
    start = datetime.fromtimestamp(after, UTC)
    apart = _apart(start.astimezone(timetable.zone), start.astimezone(here))
    for at in timetable.after(after):
        shown = at.astimezone(here)
        notes = list(_oddities(timetable, at))
        if (now_apart := _apart(at, shown)) != apart:
            notes.append(f"clocks have changed: {shown:%H:%M} on this machine")
        apart = now_apart
        yield Coming(at, shown, tuple(notes))


def _oddities(timetable: Timetable, at: datetime) -> Iterator[str]:
    if _is_moved(timetable, at):
        yield "clocks go forward and skip its time: the first minute after that"
    elif _is_first_of_two(at) and not all(map(_is_regular, timetable.expressions)):
        yield f"{at:%H:%M} comes twice that day: the first one counts"


def _is_moved(timetable: Timetable, at: datetime) -> bool:
    """Tell whether the time stands for one that does not exist that day."""
    return not any(_names(text, at) for text in timetable.expressions)


def _names(text: str, at: datetime) -> bool:
    sim = CronSim(text, at)
    return at.minute in sim.minutes and at.hour in sim.hours


def _is_regular(text: str) -> bool:
    """Tell whether it comes by the minute or hour, so that no day needs mending."""
    minute, hour, *_ = text.split()
    return minute.startswith("*") or hour.startswith("*")


def _is_first_of_two(at: datetime) -> bool:
    later = at.replace(fold=1)
    return at.fold == 0 and (at.utcoffset() or timedelta()) > (
        later.utcoffset() or timedelta()
    )


def _gaps(zone: ZoneInfo, after: float) -> Iterator[float]:
    """Yield the moments at which clocks of a zone go forward.

    Found by halving, for zoneinfo does not tell its transitions.
    """
    for day in range(_GAP_YEARS * 366):
        low = after // 1 + day * _DAY_S
        high = low + _DAY_S
        if _offset(zone, high) <= _offset(zone, low):
            continue
        before = _offset(zone, low)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (
                (middle, high) if _offset(zone, middle) == before else (low, middle)
            )
        yield high


def _offset(zone: ZoneInfo, moment: float) -> timedelta:
    at = datetime.fromtimestamp(moment, UTC).astimezone(zone)
    return at.utcoffset() or timedelta()


def _apart(at: datetime, here: datetime) -> timedelta:
    return (here.utcoffset() or timedelta()) - (at.utcoffset() or timedelta())
