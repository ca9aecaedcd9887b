"""read_moment: the dates of sitemaps and feeds as seconds since the epoch."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_DAY_S = 86_400.0
_FIRST, _LAST = 0.0, 4_102_444_800.0  # 1970 to 2100: what else stands there is wrong
_JUST_NOW_S = 60.0


def read_moment(text: str) -> float:
    """Return the time of an ISO 8601 or RFC 822 date, 0 when it is none."""
    text = text.strip()
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            seconds = moment.timestamp()
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
        return seconds if _FIRST < seconds < _LAST else 0.0
    return 0.0


def to_hint(modified: float, now: float) -> str:
    """Return a page's state as its site tells it, "" when it tells nothing.

    A date without a time stays one: it says nothing of what comes later on that day.
    """
    if not 0 < modified < now - _JUST_NOW_S:
        return ""  # not given, of the future, or made up for our request
    text = _iso(modified)
    return text[:10] if modified % _DAY_S == 0 else text


def to_date(seconds: float) -> str:
    """Return the ISO date of a time, "" for 0."""
    return _iso(seconds)[:10] if seconds else ""


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
