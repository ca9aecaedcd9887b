"""legible: foreign text reduced to what every file format can hold."""

from __future__ import annotations

import re

# What XML 1.0 forbids; UTF-8 cannot hold lone surrogates either.
_IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def legible(text: str) -> str:
    """Return ``text`` with impossible characters shown as U+FFFD; same length."""
    return _IMPOSSIBLE.sub("\ufffd", text)


def legible_line(text: str) -> str:
    """Return ``text`` as one line without characters that turn its direction."""
    return " ".join(_DIRECTIONS.sub("", legible(text)).split())
