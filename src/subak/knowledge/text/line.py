"""Lines of a text and what each is by its own form: a heading, a table row, an item."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+\S")
_BULLETS = "-*•+–"
_ITEM = re.compile(r"(\s*)(?:[-*•+–]|\d{1,3}[.)])\s+\S")
_FENCE = re.compile(r"\s*(?:```|~~~)")

LineKind = Literal["blank", "heading", "row", "item", "fence", "plain"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its end.

    Args:
        start: Offset of its first code point in the document.
        end: Offset after its last one.
    """

    start: int
    end: int
    text: str
    kind: LineKind

    @property
    def level(self) -> int:
        """Return the level of a heading line, 0 for other lines."""
        match = _HEADING.match(self.text)
        return len(match[1]) if match and self.kind == "heading" else 0

    @property
    def indent(self) -> int:
        """Return how many blanks it begins with."""
        return len(self.text) - len(self.text.lstrip())


def read_lines(text: str) -> list[Line]:
    """Return the lines of a text, in order."""
    lines = []
    start = 0
    for each in text.splitlines(keepends=True):
        end = start + len(each)
        lines.append(Line(start, end, each, _kind(each)))
        start = end
    return lines


def _kind(text: str) -> LineKind:
    first = text.lstrip()[:1]
    if not first:
        return "blank"
    if first == "|":
        return "row"
    if first in "`~" and _FENCE.match(text):
        return "fence"
    if first == "#":
        return "heading" if _HEADING.match(text) else "plain"
    may_be_item = first in _BULLETS or first.isdecimal()
    return "item" if may_be_item and _ITEM.match(text) else "plain"
