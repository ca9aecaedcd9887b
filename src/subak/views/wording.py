"""Numbers, durations, sizes and times as people read them."""

from __future__ import annotations

import time
from pathlib import Path

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def duration(seconds: float | None) -> str:
    """Return a duration as people say it: "40 ms", "1.2 s", "1 min 12 s"."""
    if seconds is None:
        return "-"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{hours // 24} days {hours % 24} h"


def clock_face(seconds: float) -> str:
    """Return a place on a time axis as "m:ss" or "h:mm:ss"."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def count(number: float, noun: str = "", plural: str = "") -> str:
    """Return a number with thin separators and its noun: "1,204 calls", "1 call"."""
    digits = f"{number:,.0f}"
    if not noun:
        return digits
    return f"{digits} {noun if number == 1 else plural or noun + 's'}"


def size(number: float) -> str:
    """Return a number of bytes as people say it: "512 bytes", "1.5 kB"."""
    value = float(number)
    for unit in _UNITS[:-1]:
        if value < 999.5:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:.3g} {_UNITS[-1]}"


def moment(ts: float | None) -> str:
    """Return a time of this machine's zone: "2026-11-22 06:00:00"."""
    return "-" if ts is None else time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(ts))


def time_of_day(ts: float) -> str:
    """Return the time of day in this machine's zone: "06:00:00"."""
    return time.strftime("%H:%M:%S", time.localtime(ts))


def shorten(text: str, width: int) -> str:
    """Return the text in one line of at most ``width`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: max(width - 1, 0)].rstrip() + "…"


def middle(text: str, width: int) -> str:
    """Return the text with its middle left out when it is too long, ends kept."""
    if len(text) <= width:
        return text
    tail = (width - 1) // 2
    return f"{text[: width - 1 - tail]}…{text[len(text) - tail :]}"


def near(path: str, folder: Path) -> str:
    """Return a path as seen from a folder it lies in, others as they are."""
    whole = Path(path)
    if whole.is_absolute() and whole.is_relative_to(folder.resolve()):
        return str(whole.relative_to(folder.resolve()))
    return path


def text_of(value: object) -> str:
    """Return a value of an event as text, nothing for None."""
    if isinstance(value, str):
        return value
    return "" if value is None else str(value)


def number_of(value: object) -> float:
    """Return a value of an event as a number, 0 for what is none."""
    return float(value) if isinstance(value, int | float) else 0.0
