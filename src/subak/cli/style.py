"""Colour for terminals, and what foreign text must not do to them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TextIO

_CODES = {"strong": "1", "faint": "2", "good": "32", "bad": "31", "warn": "33"}
_CODES_USED = frozenset(f"\x1b[{code}m" for code in ("0", *_CODES.values()))
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m|\x1b")
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def wants_color(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Return whether to colour a stream: NO_COLOR, then FORCE_COLOR, then a TTY."""
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb"


def printable(text: str) -> str:
    """Return text that cannot steer a terminal; only our own colours stay."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n"))
    kept = _ESCAPE.sub(lambda found: found[0] if found[0] in _CODES_USED else "", plain)
    return kept.encode("utf-8", "replace").decode("utf-8")


class Style:
    """Marks words by their weight; does nothing when colour is off."""

    def __init__(self, *, is_on: bool) -> None:
        self.is_on = is_on

    def strong(self, text: str) -> str:
        """Mark what the eye should find first."""
        return self._wrap("strong", text)

    def faint(self, text: str) -> str:
        """Mark what matters least."""
        return self._wrap("faint", text)

    def good(self, text: str) -> str:
        """Mark a success."""
        return self._wrap("good", text)

    def bad(self, text: str) -> str:
        """Mark a failure."""
        return self._wrap("bad", text)

    def warn(self, text: str) -> str:
        """Mark something to look at."""
        return self._wrap("warn", text)

    def state(self, state: str, text: str = "") -> str:
        """Mark a task's or a run's state by what it means."""
        shown = text or state
        if state == "failed":
            return self.bad(shown)
        if state in ("partial", "interrupted", "running", "retried"):
            return self.warn(shown)
        return self.good(shown) if state == "done" else self.faint(shown)

    def _wrap(self, name: str, text: str) -> str:
        return f"\x1b[{_CODES[name]}m{text}\x1b[0m" if self.is_on and text else text
