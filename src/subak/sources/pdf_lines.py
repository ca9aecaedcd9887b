"""join_lines: the lines of a printed page become paragraphs, items and rows.

A PDF says where glyphs stand, not what belongs together. Short lines stay lines: they
are headings, addresses and rows of tables.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from subak.sources.blocks import Blocks

_FEWEST_PAGES = 3  # fewer don't show what is repeated
_REPEATED = 0.6  # share of the pages that bear a line at their edge
_EDGE = 2  # lines looked at, at the top and at the bottom
_FULL = 0.75  # of the width: a line that long goes on in the next one
_LONG_CHARS = 45  # shorter "full" lines are columns or rows
_COMMON = 0.9  # of a page's lines are shorter than what counts as its width
_NUMBER = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|halaman|p\.)?[\s\-–—|]*(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|dari)\s*\d{1,4})?[\s\-–—|]*",
    re.IGNORECASE,
)
_BULLETS = "•‣▪●◦○■□–—*·\uf0b7\uf0a7-"
_ITEM = re.compile(rf"(?:[{_BULLETS}]|\(?(?:\d{{1,2}}|[a-z])[.)])\s+(?=\S)")
_BULLET = re.compile(rf"[{_BULLETS}]\s+")
_LEADERS = re.compile(r"(?:\s?\.){4,}\s?|…{2,}")
# PDFium puts it where a word was divided at the end of a line, and joins the lines.
_DIVIDED = "\ufffe"
_WORD_DIVIDED = re.compile(r"[^\W\d_]{2}[-\xad]$")
_ENDS = (".", "!", "?", ":", ";")


def join_lines(pages: Sequence[Sequence[str]]) -> str:
    """Return the text of all pages, lines repeated at their edges left out."""
    stripped = [[_without_leaders(line) for line in page] for page in pages]
    repeated = _repeated(stripped)
    reader = _Reader()
    for page in stripped:
        lines = _without_edges(page, repeated)
        full = max(_FULL * _width(lines), _LONG_CHARS)
        for line in lines:
            reader.read(line, is_full=_reach(line) >= full)
    return reader.text()


class _Reader:
    """Put lines into blocks: full ones flow on, runs of short ones stay lines."""

    def __init__(self) -> None:
        self._blocks = Blocks()
        self._lines: list[str] = []
        self._is_flowing = False  # the last line was full

    def read(self, line: str, *, is_full: bool) -> None:
        if self._is_flowing and _goes_on(self._lines[-1], line, is_full=is_full):
            self._lines[-1] = _joined(self._lines[-1], line)
            if not is_full:
                self._end()
        elif self._is_flowing or not line or is_full or _ITEM.match(line):
            self._end()
            self._start(line)
        else:
            self._start(line)
        self._is_flowing = is_full

    def text(self) -> str:
        self._end()
        return self._blocks.text()

    def _start(self, line: str) -> None:
        if self._lines and _ITEM.match(self._lines[0]):
            self._end()
        if line:
            self._lines.append(line)

    def _end(self) -> None:
        text = "\n".join(self._lines).replace(_DIVIDED, "")
        self._lines.clear()
        bullet = _BULLET.match(text)
        if bullet:
            self._blocks.item(text[bullet.end() :])
        else:
            self._blocks.paragraph(text)


def _goes_on(last: str, line: str, *, is_full: bool) -> bool:
    """Tell whether a line continues the full one before it."""
    if not line or _ITEM.match(line):
        return False
    is_new = line[0].isupper() or line[0].isdigit()
    return is_full or not (last.endswith(_ENDS) and is_new and len(line) < _LONG_CHARS)


def _joined(last: str, line: str) -> str:
    if _WORD_DIVIDED.search(last) and line[0].islower():
        return last[:-1] + line
    return f"{last} {line}"


def _width(lines: Sequence[str]) -> int:
    reaches = sorted(map(_reach, lines))
    return reaches[int(_COMMON * (len(reaches) - 1))] if reaches else 0


def _reach(line: str) -> int:
    """Return how far a line reaches, in characters of its last piece."""
    return len(line.rpartition(_DIVIDED)[2])


def _without_leaders(line: str) -> str:
    return _LEADERS.sub(" ", line.strip()).strip()


def _repeated(pages: Sequence[Sequence[str]]) -> frozenset[str]:
    if len(pages) < _FEWEST_PAGES:
        return frozenset()
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_form(line) for line in _edges(page)})
    most = _REPEATED * len(pages)
    return frozenset(form for form, count in seen.items() if form and count >= most)


def _without_edges(page: Sequence[str], repeated: frozenset[str]) -> list[str]:
    lines = list(page)
    for end in (0, -1):
        while lines and (not lines[end] or _is_edge(lines[end], repeated)):
            lines.pop(end)
    return lines


def _is_edge(line: str, repeated: frozenset[str]) -> bool:
    return _form(line) in repeated or (
        bool(repeated) and _PAGE_NUMBER.fullmatch(line) is not None
    )


def _edges(page: Sequence[str]) -> list[str]:
    filled = [line for line in page if line]
    edge = min(_EDGE, len(filled) // 3)  # a short page is no edge all over
    return [*filled[:edge], *filled[len(filled) - edge :]]


def _form(line: str) -> str:
    """Return a line with its numbers alike: page numbers change from page to page."""
    return _NUMBER.sub("0", line)
