"""What the headers of a server say about how much it takes, and when to come again."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from subak.engine.ending import RateLimits

_KINDS = ("requests", "tokens")
_UNITS = {"ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_DURATION = re.compile(rf"(?:{_PART.pattern})+")
# A limit that takes longer than this to fill again is not one of a minute.
_MINUTE_S = 90.0


def limits_in(headers: Mapping[str, str]) -> RateLimits | None:
    """Return what a server allows in a minute; None where it does not say.

    Limits of a day, told by a reset that is more than a minute away, are left out:
    spread over its minutes they would slow down a job the day has room for.
    """
    found = [_limit(headers, kind) for kind in _KINDS]
    return None if found == [None, None] else RateLimits(*found)


def wait_in(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds a refusal asks to wait; None where it does not say.

    Args:
        headers: Of the refusal; names in lower case.
        now: Seconds since the epoch, for a Retry-After that is a date.
    """
    exact = _number(headers.get("retry-after-ms", ""))
    if exact is not None:
        return exact / 1e3
    asked = retry_after(headers.get("retry-after", ""), now)
    return _reset(headers) if asked is None else asked


def retry_after(text: str, now: float) -> float | None:
    """Return the seconds a Retry-After header asks for; None where it is garbage."""
    text = text.strip()
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until(text, now)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def duration(text: str) -> float | None:
    """Return the seconds of "1s", "6m0s" or "250ms"; a bare number is seconds."""
    text = text.strip()
    if _DURATION.fullmatch(text):
        return sum(float(part) * _UNITS[unit] for part, unit in _PART.findall(text))
    return _number(text)


def _limit(headers: Mapping[str, str], kind: str) -> float | None:
    told = headers.get(f"x-ratelimit-limit-{kind}")
    limit = None if told is None else _number(told)
    if not limit:
        return None
    reset = duration(headers.get(f"x-ratelimit-reset-{kind}", ""))
    return None if reset is not None and reset > _MINUTE_S else limit


def _reset(headers: Mapping[str, str]) -> float | None:
    """Return when what is used up is there again.

    What is not used up is left out: its reset is when it would be full.
    """
    told = {
        kind: wait
        for kind in _KINDS
        if (wait := duration(headers.get(f"x-ratelimit-reset-{kind}", ""))) is not None
    }
    used_up = [
        wait
        for kind, wait in told.items()
        if _number(headers.get(f"x-ratelimit-remaining-{kind}", "")) == 0
    ]
    return max(used_up) if used_up else min(told.values(), default=None)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _until(text: str, now: float) -> float:
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return math.nan
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, date.timestamp() - now)
