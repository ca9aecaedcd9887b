"""Sayable: which units of a document may be repeated as they stand, and which not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subak.knowledge.articles.finding import Flagged
from subak.knowledge.checking.shape import MAX_CHARS, markup_problem
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Evidence
from subak.knowledge.text.orders import ORDERS, gives_orders
from subak.knowledge.text.units import Unit, units
from subak.knowledge.text.words import content_words, fold, read_words

MOST_CHARS = 400_000
"""Reading holds the event loop; nothing beyond this is looked at."""

_LEAST_WORDS = 4
_LEAST_ITEM_WORDS = 5
_NOTICE_CHARS = 200
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
        """Return its words on one line."""
        return " ".join(self.evidence.quote.split())

    @property
    def statement(self) -> str:
        """Return it as a sentence of its own; only a final period is added."""
        text = self.text.rstrip(" ;,")
        return text if text.endswith((".", "!", "”.", '."')) else f"{text}."


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


def read_sayable(document: Document) -> Sayable:
    """Sort the units of a document, those of its first 400,000 characters.

    Whoever gives orders may state as well, so nothing of a paragraph with orders in it
    is repeated.
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
            if not problem_of(unit, evidence.quote):
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
