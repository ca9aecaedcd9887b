"""iter_blocks: a stored text cut into headings, items, tables rows and paragraphs.

Invariant: the leaves of all blocks, in order, cover every character exactly once;
so whatever is drawn from them holds the whole text, and offsets stay true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

BlockKind = Literal["blank", "heading", "item", "row", "rule", "line"]

_HEADING = re.compile(r"#{1,6} +(?=\S)")
_ITEM = re.compile(r"[ \t]*[-*•] +(?=\S)")
_RULE = re.compile(r"[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*")
_ROW = re.compile(r"[ \t]*\|.*(?<!\\)\|[ \t]*")
_BAR = re.compile(r"(?<!\\)\|[ \t]*")
_ESCAPE = re.compile(r"\\(?=\|)")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A stretch of the text that is either shown or only marks structure."""

    start: int
    end: int
    is_markup: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One line: its cells (a row has several), each a sequence of leaves."""

    kind: BlockKind
    cells: tuple[tuple[Leaf, ...], ...]
    level: int = 0


def iter_blocks(text: str) -> Iterator[Block]:
    """Yield the lines of ``text`` as blocks."""
    start = 0
    while start < len(text):
        newline = text.find("\n", start)
        end = len(text) if newline < 0 else newline
        after = end if newline < 0 else end + 1
        yield _block(text, start, end, after)
        start = after


def _block(text: str, start: int, end: int, after: int) -> Block:
    line = text[start:end]
    if not line.strip():
        return Block("blank", (_leaves((start, after, True)),))
    if _RULE.fullmatch(line):
        return Block("rule", (_leaves((start, after, True)),))
    if _ROW.fullmatch(line) and len(_BAR.findall(line)) > 1:
        return Block("row", tuple(_cells(text, start, end, after)))
    for kind, mark in (("heading", _HEADING), ("item", _ITEM)):
        if found := mark.match(line):
            return _marked(kind, found.end(), (start, end, after), text)
    return Block("line", (_leaves((start, end, False), (end, after, True)),))


def _marked(kind: str, width: int, span: tuple[int, int, int], text: str) -> Block:
    start, end, after = span
    body = start + width
    leaves = _leaves((start, body, True), (body, end, False), (end, after, True))
    if kind == "heading":
        return Block("heading", (leaves,), text[start:body].count("#"))
    return Block("item", (leaves,), len(text[start:body].expandtabs(2)) // 2)


def _cells(text: str, start: int, end: int, after: int) -> Iterator[tuple[Leaf, ...]]:
    bars = [found.span() for found in _BAR.finditer(text[start:end])]
    bars[0] = (0, bars[0][1])
    for here, there in pairwise(bars):
        opening = (start + here[0], start + here[1], True)
        inside = _unescaped(text, start + here[1], start + there[0])
        if there is bars[-1]:
            yield _leaves(opening, *inside, (start + there[0], after, True))
        else:
            yield _leaves(opening, *inside)


def _unescaped(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    here = start
    for found in _ESCAPE.finditer(text, start, end):
        yield (here, found.start(), False)
        yield (found.start(), found.end(), True)
        here = found.end()
    yield (here, end, False)


def _leaves(*parts: tuple[int, int, bool]) -> tuple[Leaf, ...]:
    return tuple(Leaf(*part) for part in parts if part[0] < part[1])
