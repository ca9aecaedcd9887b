"""Highlighter: stretches of a text as HTML with every cited span marked.

Spans may nest and overlap: where they cross, the later one is closed and opened
again, so that the marks of one span together hold exactly its characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from subak.outputs.blocks import Leaf


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A cited stretch of a document."""

    start: int
    end: int

    @property
    def id(self) -> str:
        """The anchor of the span on the document's page."""
        return f"q{self.start}-{self.end}"


class Highlighter:
    """Draws leaves of one text, in order; each span gets its anchor once."""

    def __init__(self, text: str, spans: Iterable[Span]) -> None:
        self._text = text
        self._spans = sorted(set(spans), key=lambda span: (span.start, -span.end))
        self._anchored: set[Span] = set()

    def draw(self, leaf: Leaf) -> Markup:
        """Return the leaf's text with its marks; markup characters are hidden."""
        spans = [
            span
            for span in self._spans
            if span.start < leaf.end and span.end > leaf.start
        ]
        plain = self._text[leaf.start : leaf.end]
        if not spans and (not leaf.is_markup or not plain.strip()):
            return _shown(plain)
        marked = Markup("").join(self._marked(leaf, spans))
        if not leaf.is_markup:
            return marked
        return Markup('<span class="raw" aria-hidden="true">{}</span>').format(marked)

    def draw_missing_anchors(self) -> Markup:
        """Return the anchors of spans without a visible character."""
        missing = [span for span in self._spans if span not in self._anchored]
        return Markup("").join(
            Markup('<span id="{}"></span>').format(span.id) for span in missing
        )

    def _marked(self, leaf: Leaf, spans: list[Span]) -> Iterator[Markup]:
        edges = {edge for span in spans for edge in (span.start, span.end)}
        inner = {edge for edge in edges if leaf.start < edge < leaf.end}
        stack: list[Span] = []
        for start, end in pairwise(sorted({leaf.start, leaf.end} | inner)):
            wanted = [one for one in spans if one.start <= start and one.end >= end]
            kept = _common(stack, wanted)
            yield Markup("</mark>") * (len(stack) - kept)
            for span in wanted[kept:]:
                yield self._open(span, leaf)
            yield _shown(self._text[start:end])
            stack = wanted
        yield Markup("</mark>") * len(stack)

    def _open(self, span: Span, leaf: Leaf) -> Markup:
        first, last = max(span.start, leaf.start), min(span.end, leaf.end)
        is_visible = not leaf.is_markup and self._text[first:last].strip()
        if span in self._anchored or not is_visible:
            return Markup('<mark data-q="{}">').format(span.id)
        self._anchored.add(span)
        return Markup('<mark id="{0}" data-q="{0}">').format(span.id)


def _common(left: list[Span], right: list[Span]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _shown(text: str) -> Markup:
    # HTML turns a bare carriage return into a line feed and cannot hold NUL.
    cleaned = str(escape(text)).replace("\r", "&#13;").replace("\0", "\ufffd")
    return Markup(cleaned)
