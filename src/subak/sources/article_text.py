"""Article: the main text trafilatura finds, with headings, lists and tables.

Runs in workers: imports trafilatura and lxml. Its fast mode on a page without furniture
finds as much as its default in half the time.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from lxml.etree import LxmlError, _Element  # type: ignore[import-untyped]
from trafilatura import bare_extraction
from trafilatura.settings import Document as Extraction
from trafilatura.settings import Extractor

from subak.sources.blocks import Blocks

_SPACE = re.compile(r"\s+")
_CONTAINERS = frozenset({"p", "quote", "list", "table", "head", "div", "item"})
# Its loggers speak of every page without an article; no text is our own error.
_LOGGERS = ("trafilatura", "htmldate", "readability", "courlan")


@dataclass(frozen=True, slots=True)
class Article:
    """What trafilatura found.

    Args:
        words: All of its text, without structure.
        body: Its tree, None when it found nothing.
    """

    words: str = ""
    body: _Element | None = None

    def text(self) -> str:
        """Return the text with its structure."""
        blocks = Blocks()
        if self.body is not None:
            _Reader(blocks).walk(self.body)
        return blocks.text()


def find_article(html: str) -> Article:
    """Find the main text of a page."""
    try:
        found = bare_extraction(html, options=_options())
    except (LxmlError, RecursionError, ValueError):  # odd markup; ours reads it yet
        return Article()
    if not isinstance(found, Extraction) or found.body is None:
        return Article()
    return Article(found.raw_text or "", found.body)


@cache
def _options() -> Extractor:
    """Return what trafilatura is asked for, made once: it reads its settings anew.

    In this format it writes no text of its own; what it found is enough here.
    """
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return Extractor(output_format="txt", fast=True, comments=False, tables=True)


class _Reader:
    """Put trafilatura's tree into blocks."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._readers: dict[str, Callable[[_Element], None]] = {
            "head": self._heading,
            "list": self._list,
            "table": self._table,
        }

    def walk(self, node: _Element) -> None:
        self._blocks.paragraph(_folded(node.text))
        for child in node:
            self._read(child)
            self._blocks.paragraph(_folded(child.tail))

    def _read(self, node: _Element) -> None:
        if not isinstance(node.tag, str):
            return
        reader = self._readers.get(node.tag)
        if reader is not None:
            self._blocks.end()
            reader(node)
            self._blocks.end()
        elif any(below.tag in _CONTAINERS for below in node):
            self.walk(node)
        else:
            self._blocks.paragraph(_inline(node))

    def _heading(self, node: _Element) -> None:
        level = (node.get("rend") or "")[1:2]
        self._blocks.heading(int(level) if level.isdigit() else 2, _inline(node))

    def _list(self, node: _Element, depth: int = 0) -> None:
        term = ""
        for item in node:
            role = (item.get("rend") or "")[:2]
            if role == "dt":
                self._blocks.paragraph(term)
                term = _inline(item)
            elif role == "dd":
                self._blocks.row((term, _inline(item)))
                term = ""
            else:
                self._item(item, depth)
        self._blocks.paragraph(term)

    def _item(self, item: _Element, depth: int) -> None:
        nested = [part for part in item if part.tag == "list"]
        if item.tag == "list":
            self._list(item, depth + 1)
        elif any(part.tag in ("table", "head") for part in item):
            self.walk(item)
        else:
            self._blocks.item(_inline(item, but="list"), depth)
            for part in nested:
                self._list(part, depth + 1)

    def _table(self, node: _Element) -> None:
        for row in node.iter("row"):
            cells = row.findall("cell")
            texts = [_inline(cell) for cell in cells]
            is_header = all(cell.get("role") == "head" for cell in cells)
            self._blocks.row(texts, is_header=is_header)


def _inline(node: _Element, but: str = "") -> str:
    parts = [_folded(node.text)]
    for child in node:
        if child.tag == "lb":
            parts.append("\n")
        elif isinstance(child.tag, str) and child.tag != but:
            inner = _inline(child)
            parts.append(f" {inner} " if child.tag in _CONTAINERS else inner)
        parts.append(_folded(child.tail))
    return "".join(parts)


def _folded(text: str | None) -> str:
    return _SPACE.sub(" ", text) if text else ""
