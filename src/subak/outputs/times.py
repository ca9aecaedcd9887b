"""Moments as text, always in UTC and never in the machine's language."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def iso_time(seconds: float) -> str:
    """Return "2026-11-22T06:00:00Z"."""
    return _moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def feed_time(seconds: float) -> str:
    """Return "Sun, 22 Nov 2026 06:00:00 GMT"."""
    return format_datetime(_moment(seconds), usegmt=True)


def day(seconds: float) -> str:
    """Return "22 November 2026"."""
    moment = _moment(seconds)
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
