"""Lines of a text and what each is by its own form: a heading, a table row, an item."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+\S")
_BULLETS = "-*•+–"
_ITEM = re.compile(r"(\s*)(?:[-*•+–]|\d{1,3}[.)])\s+\S")
_FENCE = re.compile(r"\s*(?:```|~~~)")
# Dots that lead the eye from a name to its value: "Standard rate ........ 20 %".
# Possessive, and begun at the first blank only: hostile lines are megabytes of either.
LEADER = re.compile(
    r"(?<![ \t])[ \t]*+"
    r"(?:(?:\.[ \t]?){4,}+|(?:…[ \t]?){2,}+|(?:[·_][ \t]?){4,}+)[ \t]*+"
)
_LED = re.compile(
    rf"\s*[^\s|._…·][^|]{{0,160}}?{LEADER.pattern}(?=[^\n]*\d)"
    r"(?:[^\s_…·|.]|\.(?!\.)|[ \t](?![ \t])){1,60}\s*$"
)

_TITLE_CHARS = 40

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
    """Return the lines of a text, in order.

    A name in two lines whose value dots lead to is one line.
    """
    lines: list[Line] = []
    start = 0
    for each in text.splitlines(keepends=True):
        end = start + len(each)
        line = Line(start, end, each, _kind(each))
        if lines and _is_rest_of_name(lines[-1], line):
            first = lines.pop()
            line = Line(first.start, end, first.text + each, "row")
        elif lines and line.kind == "row" and _is_led_title(lines[-1]):
            lines[-1] = replace(lines[-1], kind="row")
        lines.append(line)
        start = end
    return lines


def _is_led_title(line: Line) -> bool:
    """Tell whether dots lead from one title to another: "Income ...... Rate"."""
    leader = LEADER.search(line.text) if line.kind == "plain" else None
    after = line.text[leader.end() :].strip() if leader else ""
    return bool(leader and leader.start() and 0 < len(after) <= _TITLE_CHARS)


def _is_rest_of_name(first: Line, second: Line) -> bool:
    """Tell whether a line ends the bracket that the one before left open."""
    is_led = second.kind == "row" and "|" not in second.text
    is_open = first.text.count("(") > first.text.count(")")
    return is_led and first.kind == "plain" and is_open


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
    if LEADER.search(text) and _LED.match(text):
        return "row"
    may_be_item = first in _BULLETS or first.isdecimal()
    return "item" if may_be_item and _ITEM.match(text) else "plain"
