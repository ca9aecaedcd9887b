"""Units of a document: rows, list items and sentences, each with its headings.

Invariant: a unit's text is ``text[start:end]``; units don't overlap and together hold
every character that isn't blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, pairwise
from typing import Literal

from subak.knowledge.text.line import LEADER, Line, read_lines
from subak.knowledge.text.sentences import read_sentences
from subak.knowledge.text.words import Span

UnitKind = Literal["heading", "header", "row", "item", "sentence"]

_NUMBERED = re.compile(
    r"(?:[-*•+–]\s+(?=\d))?(?:§\s*)?"
    r"(?:\d{1,2}(?:\.\d{1,2}){0,4}[.)]?|[IVX]{1,4}[.)]|[A-Z][.)])\s+"
)
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?\s*$")
_VALUE = re.compile(r"[%€$£¥]|\d[.,]\d|: ")
_DIGIT = re.compile(r"\d")
_BOLD = re.compile(r"\s*\*\*(?P<text>(?:(?!\*\*).){2,160})\*{2,3}\s*:?\s*$")
_FIGURE = re.compile(r"[%€$£¥]|\d[.,]\d|: \d")
_BAR = re.compile(r"(?<!\\)\|")
_QUESTION = re.compile(
    r"\s*(?:[-*•]\s+)?(?:Q|D|T|P|Question|Domanda|Tanya|Pertanyaan)\d*\s*[.:)]\s.{3,200}\?"
    r"(?:\s.{0,60})?",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"\s*(?:[-*•]\s+)?(?:A|R|J|Answer|Risposta|Jawab(?:an)?)\d*\s*[.:)]\s",
    re.IGNORECASE,
)
_LABEL_LEVEL = 7
# A line by itself between blank ones: the title, or the heading of what follows.
_SECTION_LEVEL = 6
# What stands right above a table: the nearest heading, and it hides none.
_CAPTION_LEVEL = 8
_CAPTION_CHARS = 120
_LABEL_CHARS = 60
_LABEL_WORDS = 9
_ITEM_CHARS = 400


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading above a unit; level 1 is the title, 7 a plain label line."""

    text: str
    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest stretch of text that states something.

    Args:
        start: Offset of its first code point in the document.
        end: Offset after its last one.
        kind: "heading" and "header" (of a table) state nothing by themselves.
        text: The stretch itself.
        headings: What it stands under, outermost first.
        header: The table's header row, None outside of tables.
    """

    start: int
    end: int
    kind: UnitKind
    text: str
    headings: tuple[Heading, ...] = ()
    header: Heading | None = None


def units(text: str) -> tuple[Unit, ...]:
    """Split a text into its units, in order."""
    return tuple(_Reader(text).units())


@lru_cache(maxsize=4096)
def cells(row: str) -> tuple[Span, ...]:
    """Return the cells of a table row as spans of its text, without outer blanks."""
    bars = [match.start() for match in _BAR.finditer(row)]
    leader = None if bars else LEADER.search(row)
    if leader and leader.start() > 0 and leader.end() < len(row):
        return (Span(0, leader.start()), Span(leader.end(), len(row.rstrip())))
    edges = [-1, *bars, len(row)] if not row.startswith("|") else [*bars, len(row)]
    spans = []
    for left, right in pairwise(edges):
        part = row[left + 1 : right]
        if right == len(row) and not part.strip():
            continue
        begin = left + 1 + len(part) - len(part.lstrip())
        spans.append(Span(begin, max(begin, left + 1 + len(part.rstrip()))))
    return tuple(spans)


@dataclass(slots=True)
class _Reader:
    text: str
    headings: tuple[Heading, ...] = ()
    lines: list[Line] = field(default_factory=list)

    def units(self) -> Iterator[Unit]:
        self.lines = read_lines(self.text)
        index = 0
        while index < len(self.lines):
            found, index = self._block(index)
            yield from found

    def _block(self, index: int) -> tuple[list[Unit], int]:
        line = self.lines[index]
        if line.kind == "blank":
            if not (self._is_introduced(index) or self._is_intro_before(index)):
                self._leave(_LABEL_LEVEL)
            return [], index + 1
        if line.kind == "fence":
            return [self._unit("header", line.start, line.end)], index + 1
        if title := self._title(index):
            return [title], index + 1
        if line.kind == "row":
            return self._table(index)
        if line.kind == "item":
            return self._items(index)
        return self._paragraph(index)

    def _title(self, index: int) -> Unit | None:
        """Return the line as a heading of what follows, None if it is none."""
        line = self.lines[index]
        if line.kind == "heading":
            return self._enter(line, line.text.strip("# \t\r\n"), line.level)
        if title := self._bold_title(index):
            return self._enter(line, title, self._section_level(index))
        if self._is_label(index) or self._is_question(index):
            return self._enter(line, line.text.strip(" \t\r\n*_:"), _LABEL_LEVEL)
        if self._is_section(index):
            text = line.text.strip(" \t\r\n*_")
            return self._enter(line, text, self._section_level(index))
        return None

    def _leave(self, level: int) -> None:
        self.headings = tuple(each for each in self.headings if each.level < level)

    def _unit(
        self, kind: UnitKind, start: int, end: int, header: Heading | None = None
    ) -> Unit:
        part = self.text[start:end]
        right = part.lstrip()
        begin = start + len(part) - len(right)
        stripped = right.rstrip()
        stop = begin + len(stripped)
        return Unit(begin, stop, kind, stripped, self.headings, header)

    def _enter(self, line: Line, title: str, level: int) -> Unit:
        self._leave(level)
        unit = self._unit("heading", line.start, line.end)
        heading = Heading(title, unit.start, unit.end, level)
        self.headings = (*self.headings, heading)
        return unit

    def _is_label(self, index: int) -> bool:
        line = self.lines[index]
        following = self.lines[index + 1] if index + 1 < len(self.lines) else None
        if line.kind != "plain" or following is None:
            return False
        if following.kind == "blank":
            return self._introduces(index)
        label = line.text.strip(" \t\r\n*_")
        if label.endswith(":") and following.kind != "plain":
            return True
        before = self.lines[index - 1] if index else None
        if before and before.kind == "plain" and not self._stands_under(before):
            return False
        is_short = len(label) <= _LABEL_CHARS and len(label.split()) <= _LABEL_WORDS
        is_named = label[:1].isupper() and label[-1:] not in ".,;!?"
        if not (is_short and is_named) or following.kind == "heading":
            return False
        return _VALUE.search(label) is None

    def _is_question(self, index: int) -> bool:
        """Tell whether a line asks what the next one, called an answer, tells."""
        following = self.lines[index + 1 : index + 2]
        return bool(following) and bool(
            _QUESTION.fullmatch(self.lines[index].text.rstrip())
            and _REPLY.match(following[0].text)
        )

    def _is_section(self, index: int) -> bool:
        """Tell whether a short line stands alone above a text that goes on."""
        if not self._stands_alone(index):
            return False
        after = range(index + 1, min(index + 5, len(self.lines)))
        following = next((n for n in after if self.lines[n].kind != "blank"), None)
        if following is None or self.lines[following].kind == "heading":
            return False
        return not self._stands_alone(following)

    def _stands_alone(self, index: int) -> bool:
        line = self.lines[index]
        around = (*self.lines[max(index - 1, 0) : index], *self.lines[index + 1 :][:1])
        if line.kind not in ("plain", "item") or any(
            each.kind != "blank" for each in around
        ):
            return False
        title = _NUMBERED.sub("", line.text.strip(" \t\r\n*_"), count=1)
        is_short = len(title) <= _LABEL_CHARS and len(title.split()) <= _LABEL_WORDS
        is_named = title[:1].isupper() and title[-1:] not in ".,;!:"
        return is_short and is_named and _VALUE.search(title) is None

    def _section_level(self, index: int) -> int:
        """Return the level of a line by itself: the first of a text is its title."""
        before = islice(self.lines, index)
        has_text = any(each.kind != "blank" for each in before)
        return _SECTION_LEVEL if has_text else 1

    def _introduces(self, index: int) -> bool:
        """Tell whether a line that ends with a colon stands above a list or a table.

        One that holds a value says something itself.
        """
        label = self.lines[index].text.strip(" \t\r\n*_")
        after = next(
            (each for each in self.lines[index + 1 :] if each.kind != "blank"), None
        )
        is_above = after is not None and after.kind in ("row", "item")
        return is_above and label.endswith(":") and not _DIGIT.search(label)

    def _is_introduced(self, index: int) -> bool:
        """Tell whether a blank line stands between such a line and its list."""
        before = self.lines[index - 1] if index else None
        if before is None or before.kind != "plain" or not self._stands_under(before):
            return False
        return self._introduces(index - 1)

    def _is_intro_before(self, index: int) -> bool:
        """Tell whether the sentence before a blank line introduces the list below."""
        line, last = self.lines[index], self.headings[-1:]
        is_above = bool(last) and last[0].end <= line.start
        between = self.text[last[0].end : line.start] if is_above else "x"
        is_intro = bool(last) and self.text[last[0].end - 1 : last[0].end] == ":"
        return is_intro and not between.strip() and self._stands_above_items(index)

    def _stands_under(self, line: Line) -> bool:
        return bool(self.headings) and line.start <= self.headings[-1].start < line.end

    def _bold_title(self, index: int) -> str:
        """Return the words of a line that is bold as a whole and states no value."""
        line = self.lines[index]
        match = _BOLD.fullmatch(line.text) if line.kind == "plain" else None
        after = self.lines[index + 1 :][:1]
        if match is None or not after or after[0].kind == "heading":
            return ""
        title = match["text"].strip(" _*:")
        if title.endswith("?"):
            return title
        is_said = title.endswith(".") and len(title.split()) > _LABEL_WORDS
        return "" if is_said or _FIGURE.search(title) else title

    def _with_caption(self, index: int) -> tuple[Heading, ...]:
        """Return the headings of a table, the line right above it among them."""
        above = index - 1
        while above >= 0 and self.lines[above].kind in ("blank", "fence"):
            above -= 1
        line = self.lines[above] if above >= 0 and index - above <= 3 else None
        if line is None or line.kind != "plain":
            return self.headings
        before = self.lines[above - 1 : above] if above else []
        is_alone = not before or before[0].kind in ("blank", "fence", "heading")
        unit = self._unit("sentence", line.start, line.end)
        is_title = unit.text[-1:] not in ".;!?" and len(unit.text) <= _CAPTION_CHARS
        is_heading = any(each.start == unit.start for each in self.headings)
        if is_heading or not (is_alone and is_title):
            return self.headings
        title = unit.text.strip(" *_:")
        caption = Heading(title, unit.start, unit.end, _CAPTION_LEVEL)
        return (*self.headings, caption)

    def _table(self, index: int) -> tuple[list[Unit], int]:
        outer, self.headings = self.headings, self._with_caption(index)
        stop = index
        while stop < len(self.lines) and self.lines[stop].kind == "row":
            stop += 1
        header: Heading | None = None
        found: list[Unit] = []
        for number in range(index, stop):
            line = self.lines[number]
            if _RULE.match(line.text):
                found.append(self._unit("header", line.start, line.end))
            elif number + 1 < stop and _RULE.match(self.lines[number + 1].text):
                unit = self._unit("header", line.start, line.end)
                header = Heading(unit.text, unit.start, unit.end, 0)
                found.append(unit)
            else:
                found.append(self._unit("row", line.start, line.end, header))
        self.headings = outer
        return found, stop

    def _items(self, index: int) -> tuple[list[Unit], int]:
        outer = self.headings
        found: list[Unit] = []
        parents: list[tuple[int, Heading]] = []
        while index < len(self.lines) and self.lines[index].kind == "item":
            stop = self._item_end(index)
            start, end = self.lines[index].start, self.lines[stop - 1].end
            indent = self.lines[index].indent
            parents = [each for each in parents if each[0] < indent]
            self.headings = (*outer, *(heading for _, heading in parents))
            unit = self._unit("item", start, end)
            found += self._split(unit)
            if len(unit.text) <= 2 * _LABEL_CHARS:
                name = unit.text.strip("-*•+– \t:")
                heading = Heading(name, unit.start, unit.end, _LABEL_LEVEL)
                parents.append((indent, heading))
            index = stop
        self.headings = outer
        return found, index

    def _item_end(self, index: int) -> int:
        stop = index + 1
        while stop < len(self.lines) and self._continues(self.lines[stop]):
            stop += 1
        return stop

    def _continues(self, line: Line) -> bool:
        return line.kind == "plain" and line.text[:1] in " \t"

    def _split(self, unit: Unit) -> list[Unit]:
        if len(unit.text) <= _ITEM_CHARS:
            return [unit]
        spans = read_sentences(self.text, unit.start, unit.end)
        return [self._unit("item", span.start, span.end) for span in spans]

    def _paragraph(self, index: int) -> tuple[list[Unit], int]:
        stop = index + 1
        while stop < len(self.lines) and self._goes_on(stop):
            stop += 1
        start, end = self.lines[index].start, self.lines[stop - 1].end
        spans = read_sentences(self.text, start, end)
        found = [self._unit("sentence", span.start, span.end) for span in spans]
        last = found[-1] if found else None
        is_intro = last and len(found) > 1 and last.text.endswith(":")
        if last and is_intro and self._stands_above_items(stop):
            self._leave(_LABEL_LEVEL)
            title = last.text.strip(" *_:")
            heading = Heading(title, last.start, last.end, _LABEL_LEVEL)
            self.headings = (*self.headings, heading)
        return found, stop

    def _stands_above_items(self, index: int) -> bool:
        """Tell whether a list follows; a blank line between is passed over."""
        following = self.lines[index : index + 2]
        kinds = [each.kind for each in following]
        return bool(kinds) and (kinds[0] == "item" or kinds == ["blank", "item"])

    def _goes_on(self, index: int) -> bool:
        is_title = (
            self._is_label(index)
            or bool(self._bold_title(index))
            or self._is_question(index)
        )
        return self.lines[index].kind == "plain" and not is_title
