"""SourceLine: one line of a stored document as it is shown to a model, with its place.

Lines that give orders, and what stands beside them, are left out: what is not shown
is not obeyed, and what was not shown is no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from subak.knowledge.articles.sayable import read_sayable
from subak.knowledge.checking.shape import markup_problem
from subak.knowledge.documents.document import Document
from subak.knowledge.search.hit import Hit
from subak.knowledge.text.units import Unit, cells, units

FindDocument = Callable[[str], Document | None]
_MARKS = "-*•+– \t"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One row, item or sentence of a document.

    Args:
        document: The document it stands in.
        start: Offset of its first code point.
        end: Offset after its last one.
        quote: Exactly ``document.text[start:end]``.
        text: The quote on one line, without the marks of lists and tables.
        headings: What it stands under, outermost first, the title at the front.
    """

    document: Document
    start: int
    end: int
    quote: str
    text: str
    headings: tuple[str, ...]

    @property
    def shown(self) -> str:
        """Return what a model reads: what it stands under, then the line."""
        return f"{' | '.join(self.headings)} | {self.text}"

    @property
    def context(self) -> str:
        """Return everything that tells what the line is about."""
        return " ".join((self.document.entity, *self.headings))


def read_lines(
    hits: Iterable[Hit], find_document: FindDocument, budget: int
) -> list[SourceLine]:
    """Return the lines of passages, the best passage first, each once.

    Args:
        find_document: Returns a stored document by its id.
        budget: Characters shown at most; one line more than none is always shown.
    """
    found: dict[tuple[str, int], SourceLine] = {}
    for hit in hits:
        document = find_document(hit.document)
        if document is None or document.text[hit.start : hit.end] != hit.text:
            continue
        for line in _lines(document, hit.start, hit.end):
            budget -= len(line.shown)
            if budget < 0 and found:
                return list(found.values())
            found.setdefault((document.id, line.start), line)
    return list(found.values())


def _lines(document: Document, start: int, end: int) -> Iterator[SourceLine]:
    flagged = [
        (one.evidence.start, one.evidence.end) for one in read_sayable(document).flagged
    ]
    for unit in units(document.text):
        if unit.kind in ("heading", "header"):
            continue
        if unit.start < start or unit.end > end:
            continue
        if any(begin < unit.end and unit.start < stop for begin, stop in flagged):
            continue
        line = _line(document, unit)
        if line.text and not markup_problem(line.text):
            yield line


def _line(document: Document, unit: Unit) -> SourceLine:
    titles = (document.title, *(each.text for each in unit.headings))
    return SourceLine(
        document=document,
        start=unit.start,
        end=unit.end,
        quote=unit.text,
        text=_plain(unit),
        headings=tuple(dict.fromkeys(title for title in titles if title)),
    )


def _plain(unit: Unit) -> str:
    if unit.kind != "row":
        return " ".join(unit.text.split()).strip(_MARKS)
    values = [_cell(unit.text, span.start, span.end) for span in cells(unit.text)]
    if unit.header is None:
        return ": ".join(value for value in values if value)
    header = unit.header.text
    titles = [_cell(header, span.start, span.end) for span in cells(header)]
    if len(titles) != len(values):
        return ": ".join(value for value in values if value)
    pairs = zip(titles[1:], values[1:], strict=True)
    told = [f"{title}: {value}" if title else value for title, value in pairs if value]
    return ", ".join((values[0], *told))


def _cell(row: str, start: int, end: int) -> str:
    return " ".join(row[start:end].split())
