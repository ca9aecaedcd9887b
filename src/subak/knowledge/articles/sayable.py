"""Sayable: which units of a document may be repeated as they stand, and which not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subak.knowledge.articles.finding import Flagged
from subak.knowledge.articles.phrases import phrases_of
from subak.knowledge.checking.shape import MAX_CHARS, markup_problem
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Evidence
from subak.knowledge.facts.identity import named_countries
from subak.knowledge.text.orders import ORDERS, gives_orders
from subak.knowledge.text.reading import nearest_heading
from subak.knowledge.text.units import Unit, cells, units
from subak.knowledge.text.words import content_words, fold, read_words, stem

MOST_CHARS = 400_000
"""Reading holds the event loop; nothing beyond this is looked at."""

_LEAST_WORDS = 4
_LEAST_ITEM_WORDS = 5
_NOTICE_CHARS = 200
_ROW_CELLS = 2
_LABEL_CHARS = 60
_VALUE_CHARS = 120
_LABEL_STEMS = 3
# Titles of a column of values that say nothing of them.
_NEUTRAL_TEXT = "value values detail details valore nilai"
_NEUTRAL = frozenset(map(stem, _NEUTRAL_TEXT.split()))
_BULLET = re.compile(r"(?:[-*•+–]|\d{1,3}[.)])\s+")
_NOTICE = re.compile(
    r"\bcookies?\b|\bnewsletter\b|\bsubscri(?:be|ption)\b|\b(?:sign|log) (?:up|in)\b"
    r"|\ball rights reserved\b|©|\bcopyright\b|\bprivacy policy\b|\bterms of (?:use|"
    r"service)\b|\b(?:click|tap) here\b|\bread more\b|\bfollow us\b|\bshare (?:this|on)"
    r"|\badvertisement\b|\bskip to\b|\bback to top\b|\bphoto:|\btutti i diritti\b"
    r"|\biscriviti\b|\bleggi anche\b|\bhak cipta\b|\bbaca juga\b|\bberlangganan\b",
    re.IGNORECASE,
)
# What such a sentence speaks of stands in the one before it, so alone it may mislead.
_LEANING_TEXT = (
    "he she it they him her his its their this these that those such both however "
    "but and or so then therefore thus hence instead otherwise moreover furthermore "
    "egli ella esso essa essi esse questo questa questi queste quello quella ciò tale "
    "tali però ma quindi inoltre invece mereka dia ia beliau ini itu tersebut namun "
    "tetapi tapi selain maka"
)
_LEANING = frozenset(map(fold, _LEANING_TEXT.split()))


@dataclass(frozen=True, slots=True)
class Said:
    """A unit that may be repeated.

    Args:
        order: Its position among the document's units.
        unit: Where it stands.
        evidence: The unit without the mark of a list item.
    """

    order: int
    unit: Unit
    evidence: Evidence

    @property
    def text(self) -> str:
        """Return its words on one line; of a row its label and its value."""
        if self.unit.kind == "row":
            return ": ".join(self._cells)
        return " ".join(self.evidence.quote.split())

    @property
    def statement(self) -> str:
        """Return it as a sentence of its own; only a final period is added."""
        text = self.text.rstrip(" ;,")
        return text if text.endswith((".", "!", "”.", '."')) else f"{text}."

    def about(self, entity: str) -> str:
        """Return what a wording of it is checked with."""
        if self.unit.kind != "row":
            return self.statement
        return " | ".join((entity, *self._cells))

    def told(self, entity: str, language: str) -> str:
        """Return it as a sentence of its own about an entity."""
        if self.unit.kind != "row":
            return self.statement
        label, value = self._cells
        return phrases_of(language).label.format(
            title=label,
            Title=f"{label[:1].upper()}{label[1:]}",
            entity=entity,
            value=value.rstrip("."),
        )

    @property
    def _cells(self) -> tuple[str, str]:
        """Return label and value; a short label with the heading it belongs to."""
        label, value = _row_cells(self.unit)
        heading = nearest_heading(self.unit)
        own, above = _stems(label), _stems(heading.text) if heading else frozenset()
        is_plain = heading and not (
            gives_orders(heading.text) or markup_problem(heading.text)
        )
        if len(own) < _LABEL_STEMS and heading and is_plain and not own & above:
            label = f"{label} ({' '.join(heading.text.split())})"
        return label, value


@dataclass(frozen=True, slots=True)
class Sayable:
    """A document's units, sorted by whether they may be repeated.

    Args:
        said: Those that may, in document order.
        flagged: Those that give orders, and what stands beside them.
    """

    document: Document
    said: tuple[Said, ...]
    flagged: tuple[Flagged, ...] = ()


def read_sayable(document: Document, *, with_rows: bool = False) -> Sayable:
    """Sort the units of a document, those of its first 400,000 characters.

    Whoever gives orders may state as well, so nothing of a paragraph with orders in it
    is repeated.

    Args:
        with_rows: Rows of tables that hold a label and a value may be repeated too.
    """
    found = units(document.text[:MOST_CHARS])
    said: list[Said] = []
    flagged: list[Flagged] = []
    for block in _blocks(document.text, found):
        if any(gives_orders(unit.text) for _, unit in block):
            flagged += [Flagged(ORDERS, _evidence(document, unit)) for _, unit in block]
            continue
        for order, unit in block:
            evidence = _evidence(document, unit)
            is_row = with_rows and unit.kind == "row"
            problem = _row_problem(unit) if is_row else problem_of(unit, evidence.quote)
            if not problem:
                said.append(Said(order, unit, evidence))
    return Sayable(document, tuple(said), tuple(flagged))


def problem_of(unit: Unit, text: str) -> str:
    """Return why a unit says nothing by itself; "" when it does.

    Args:
        text: The unit without the mark of a list item.
    """
    if unit.kind not in ("sentence", "item"):
        return "is no sentence"
    line = " ".join(text.split())
    words = read_words(line)
    least = _LEAST_WORDS if unit.kind == "sentence" else _LEAST_ITEM_WORDS
    if len(content_words(words)) < least:
        return "is too short to say something"
    if len(line) > MAX_CHARS:
        return "is too long"
    if problem := markup_problem(line):
        return problem
    if line.endswith(("?", "…", "...", ":")):
        return "is no statement"
    if unit.kind == "sentence" and not line.endswith((".", "!", '"', "”", ")", "»")):
        return "is no whole sentence"
    if len(line) <= _NOTICE_CHARS and _NOTICE.search(line):
        return "is part of the page, not of its text"
    if fold(words[0].text) in _LEANING or not _begins(line):
        return "leans on what stands before it"
    return ""


def _row_cells(unit: Unit) -> list[str]:
    return _row_cells_of(unit.text)


def _row_cells_of(row: str) -> list[str]:
    return [" ".join(row[one.start : one.end].split()) for one in cells(row)]


def _row_problem(unit: Unit) -> str:
    """Return why a row says nothing by itself; "" for a label and its value."""
    found = _row_cells(unit)
    if len(found) != _ROW_CELLS or not all(map(read_words, found)):
        return "is no label with a value"
    label, value = found
    if not label[0].isalpha() or ":" in label or len(label) > _LABEL_CHARS:
        return "has no plain label"
    if named_countries(label):
        return "is about what its label names"
    titles = _row_cells_of(unit.header.text) if unit.header else []
    if titles and not _stems(titles[-1]) <= _NEUTRAL:
        return "holds for what its column names"
    if len(value) > _VALUE_CHARS or ";" in value:
        return "is too long"
    return markup_problem(label) or markup_problem(value)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in content_words(read_words(text)))


def _begins(line: str) -> bool:
    first = line.lstrip("\"'“‘«([")[:1]
    return first.isupper() or first.isdigit() or not first.isalpha()


def _blocks(text: str, found: Sequence[Unit]) -> Iterator[list[tuple[int, Unit]]]:
    """Yield the units that stand together, without a blank line between them."""
    block: list[tuple[int, Unit]] = []
    for order, unit in enumerate(found):
        if block and text.count("\n", block[-1][1].end, unit.start) > 1:
            yield block
            block = []
        block.append((order, unit))
    if block:
        yield block


def _evidence(document: Document, unit: Unit) -> Evidence:
    mark = _BULLET.match(unit.text) if unit.kind == "item" else None
    start = unit.start + (mark.end() if mark else 0)
    quote = document.text[start : unit.end]
    return Evidence(document.id, document.url, start, unit.end, quote)
