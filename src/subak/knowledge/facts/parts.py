"""Parts: values a text gives for one side branch by branch, together its total.

"The employer's contributions consist of 20 % for pensions and 3 % for health" states
neither 20 % nor 3 % as the employer's rate; their sum is it where nothing limits it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from subak.knowledge.facts.contrast import sides_asked, sides_named
from subak.knowledge.facts.mention import Topic
from subak.knowledge.facts.scope import sentence_of
from subak.knowledge.facts.whole import is_total
from subak.knowledge.text.numbers import Number
from subak.knowledge.text.reading import Reading, ReadUnit
from subak.knowledge.text.words import Span

_LEAST = 2
# What a contribution is for, or whose fund gets it.
_BRANCH = re.compile(
    r"\b(?:pension\w*|old[- ]age|retirement|superannuation|provident|health\w*|medical"
    r"|sickness|disabilit\w+|invalidity|unemployment|accident\w*|injury|maternity"
    r"|parental|care|survivors?|famil(?:y|ies)|guarantee|training|social|insurance|fund"
    r"|previdenz\w+|pensionistic\w+|vecchiaia|invalidità|sanitari[ao]|sanità|salute"
    r"|malattia|maternità|disoccupazione|infortuni\w*|superstiti|famili\w+|fondo"
    r"|assicurazion\w+|social[ei]|pensiun\w*|hari\s+tua|kesehatan|kecelakaan|kematian"
    r"|kehilangan\s+pekerjaan|pengangguran|jaminan|perumahan|asuransi|dana|simpanan"
    r"|renten?\w*|kranken\w*|pflege\w*|arbeitslosen\w*|unfall\w*)\b",
    re.IGNORECASE,
)
# Funds are called by their initials, or by a name run together: "PhilHealth".
_ACRONYM = re.compile(r"\b[A-Z]{3,}\b|\b[A-Z][a-z]+[A-Z]\w+")
_CLOSED = re.compile(r"\b(?:and|e|ed|dan|serta|und|y|et)\b", re.IGNORECASE)
_COMPOSED = re.compile(
    r":|\b(?:consists?\s+of|(?:is|are)\s+made\s+up\s+of|comprises?|composed\s+of|made\s+of"
    r"|includes?|adds?\s+up|following|namely|si\s+compon\w+|compost[aoie]\s+d\w+"
    r"|comprend\w+|consist\w+\s+in|ossia|cioè|terdiri\s+(?:dari|atas)|meliputi"
    r"|mencakup|yaitu|yakni|antara\s+lain)\b",
    re.IGNORECASE,
)
# What keeps parts from being added: choices, slices, ceilings, other people.
_NOT_ADDED = re.compile(
    r"\b(?:or|either|between|from(?!\s+(?:the\s+|their\s+|your\s+)?(?:employ|gross|wage|pay"
    r"|salar))|if|unless|ceilings?|maxim\w+|capped|caps?|layers?|tiers?"
    r"|slices?|bands?|up\s+to|first|second|respectively|voluntary|optional|self-employed"
    r"|foreign\w*|some|part\s+of|instead|depend\w*|under\s+\d+|over\s+\d+|times|more\s+than"
    r"|not\s+(?:be\s+)?add\w*|o|oppure|ovvero|tra|fra|se|massimal\w+|tetto|fino|facoltativ\w+"
    r"|volontari\w+|autonom\w+|dipende|variabil\w+|atau|antara|dari(?!\s+(?:upah|gaji))"
    r"|jika|bila|sampai|hingga|plafon|batas|sukarela|tergantung|asing)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"[^\d.;]{0,30}?(?:[(:–—]|\b(?:of\s+which|made\s+up|namely|including|split|di\s+cui"
    r"|suddivis|ripartit|yaitu|yakni|terdiri|dibagi|davon)\b)",
    re.IGNORECASE,
)
_TO_NEXT = re.compile(
    r"\s*(?:[-–]|to|al?|and(?=\s+\d)|sampai|hingga|s\.d\.)\s*\d", re.IGNORECASE
)
_OF_OTHERS = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|\b(?:country|countries|negara|paes[ei]|until|before|formerly"
    r"|proposed|class|category|region|canton\w*|state)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part: a percentage and the unit it stands in."""

    unit: ReadUnit
    number: Number

    @property
    def place(self) -> Span:
        """Return where it stands in its unit."""
        return Span(self.number.start, self.number.end)


@dataclass(frozen=True, slots=True)
class Parts:
    """What one side bears, part by part.

    Args:
        each: The parts, in order.
        is_whole: True when nothing in the text keeps them from being added up.
    """

    each: tuple[Part, ...]
    is_whole: bool


def find_parts(reading: Reading, topic: Topic) -> list[Parts]:
    """Return the lists of parts of a field that asks for all that one side bears."""
    asked = sides_asked(topic)
    wants_all = is_total(f"{topic.field.title} {topic.field.meaning}")
    if topic.field.kind != "percent" or len(asked) != 1 or not wants_all:
        return []
    found = [*_in_texts(reading, asked), *_in_lists(reading, asked)]
    return [*found, *_in_columns(reading, asked), *_in_rows(reading, asked)]


def _in_texts(reading: Reading, asked: frozenset[str]) -> Iterator[Parts]:
    """Yield those that one sentence, or one cell, lists."""
    for unit in reading.units:
        spans = unit.cells if unit.unit.kind == "row" else _sentences(unit)
        for span in spans:
            if parts := _of_stretch(unit, span, asked):
                yield parts


def _sentences(unit: ReadUnit) -> list[Span]:
    starts = {sentence_of(unit.text, each.start).start for each in unit.numbers}
    return [sentence_of(unit.text, start) for start in sorted(starts)]


def _of_stretch(unit: ReadUnit, span: Span, asked: frozenset[str]) -> Parts | None:
    inside = [
        each
        for each in unit.numbers
        if each.percent and span.start <= each.start and each.end <= span.end
    ]
    fixed = [each for each in inside if not _is_end(unit, each)]
    if len(fixed) < _LEAST:
        return None
    head, whole = (unit.text[span.start : end] for end in (inside[0].start, span.end))
    named = sides_named(head) or _sides_above(unit)
    if named != asked or is_total(whole):
        return None
    names = _names(unit, inside, span)
    if not names or sides_named(whole) - asked or _has_whole(unit, inside):
        return None
    last = unit.text[inside[-2].end : inside[-1].start]
    is_listed = _COMPOSED.search(head) or _CLOSED.search(last)
    is_plain = all(names) and len(fixed) == len(inside)
    is_plain = is_plain and not _NOT_ADDED.search(_plain(whole))
    is_plain = is_plain and len(set(names)) == len(names)
    parts = tuple(Part(unit, each) for each in inside)
    return Parts(parts, bool(is_listed and is_plain))


def _is_end(unit: ReadUnit, number: Number) -> bool:
    """Tell whether a value is one end of a range: "between 2 % and 6 %"."""
    is_first = _TO_NEXT.match(unit.text, number.end)
    before = [each for each in unit.numbers if each.end <= number.start][-1:]
    is_last = any(_TO_NEXT.match(unit.text, each.end) for each in before)
    return number.in_range or bool(is_first) or bool(is_last)


def _has_whole(unit: ReadUnit, numbers: Sequence[Number]) -> bool:
    """Tell whether the first value is said to be what the others add up to."""
    first, rest = numbers[0], numbers[1:]
    total = sum(each.values[0] for each in rest)
    is_sum = math.isclose(first.values[0], total, rel_tol=1e-6)
    return is_sum and bool(_SPLIT.match(unit.text, first.end))


def _sides_above(unit: ReadUnit) -> frozenset[str]:
    above = unit.unit.headings[-1:]
    return sides_named(above[0].text) if above else frozenset()


def _names(unit: ReadUnit, numbers: Sequence[Number], span: Span) -> list[str]:
    """Return what each value is for, told before all of them or behind all of them.

    Empty where not even two of them have it.
    """
    edges = [span.start, *(each.end for each in numbers)]
    starts = [each.start for each in numbers]
    ahead = [unit.text[left:right] for left, right in zip(edges, starts, strict=False)]
    behind = _COMPOSED.split(ahead[0])[-1]
    ahead[0] = behind if _branch(behind) else ahead[0]
    ends = zip(edges[1:], [*starts[1:], span.end], strict=True)
    rest = [unit.text[left:right] for left, right in ends]
    named = [[_branch(text) for text in texts] for texts in (rest, ahead)]
    whole = [names for names in named if all(names)]
    some = [names for names in named if sum(map(bool, names)) >= _LEAST and names[0]]
    return next(iter((*whole, *some)), [])


def _branch(text: str) -> str:
    """Return the words for what a contribution is, "" for none."""
    found = [match.group().casefold() for match in _BRANCH.finditer(text)]
    found += [match.group() for match in _ACRONYM.finditer(text)]
    return " ".join(found)


def _plain(text: str) -> str:
    """Return a text without what stands in brackets."""
    return re.sub(r"\([^)]*\)", " ", text)


def _in_lists(reading: Reading, asked: frozenset[str]) -> Iterator[Parts]:
    """Yield those that the items of a list under the side's name are."""
    for items in _item_lists(reading):
        first = items[0]
        above = first.unit.headings[-1:]
        title = above[0].text if above else ""
        intro = _intro(reading, first) or title
        if sides_named(intro) != asked or (intro == title and not _is_named(title)):
            continue
        found = [[n for n in each.numbers if n.percent] for each in items]
        is_each = all(len(each) == 1 for each in found)
        texts = [each.text for each in items]
        if len(items) < _LEAST or not is_each or any(map(is_total, texts)):
            continue
        if any(sides_named(text) - asked for text in texts):
            continue
        names = [_branch(text) for text in texts]
        if not all(names):
            continue
        said = _plain(" ; ".join((intro, *texts)))
        is_whole = not _NOT_ADDED.search(said) and len(set(names)) == len(names)
        pairs = zip(items, found, strict=True)
        yield Parts(tuple(Part(unit, each[0]) for unit, each in pairs), is_whole)


def _is_named(title: str) -> bool:
    return not _OF_OTHERS.search(title)


def _item_lists(reading: Reading) -> Iterator[list[ReadUnit]]:
    items: list[ReadUnit] = []
    for unit in reading.units:
        goes_on = items and unit.unit.headings == items[-1].unit.headings
        if unit.unit.kind == "item" and goes_on:
            items.append(unit)
            continue
        if items:
            yield items
        items = [unit] if unit.unit.kind == "item" else []
    if items:
        yield items


def _intro(reading: Reading, first: ReadUnit) -> str:
    """Return the sentence right above a list, if it introduces it."""
    before = [each for each in reading.units if each.order < first.order][-1:]
    is_intro = before and before[0].text.rstrip(" *_").endswith(":")
    return before[0].text if is_intro else ""


def _in_columns(reading: Reading, asked: frozenset[str]) -> Iterator[Parts]:
    """Yield those of a table with a column for the side and a row for each branch."""
    tables: dict[int, list[ReadUnit]] = {}
    for unit in reading.units:
        if unit.unit.kind == "row" and unit.unit.header:
            tables.setdefault(unit.unit.header.start, []).append(unit)
    for rows in tables.values():
        columns = [sides_named(title) for title in rows[0].columns]
        if columns.count(asked) == 1:
            parts = _of_column(rows, columns.index(asked))
            if parts:
                yield parts


def _of_column(rows: Sequence[ReadUnit], column: int) -> Parts | None:
    labels = [_label(each) for each in rows]
    if any(map(is_total, labels)):
        return None
    names = [_branch(label) for label in labels]
    found: list[Part] = []
    for unit in rows:
        spans = unit.cells
        if column >= len(spans):
            return None
        cell = spans[column]
        inside = [
            each
            for each in unit.numbers
            if cell.start <= each.start and each.end <= cell.end
        ]
        is_blank = not any(map(str.isalnum, unit.text[cell.start : cell.end]))
        if is_blank:
            continue
        if len(inside) != 1:
            return None
        found.append(Part(unit, inside[0]))
    title = rows[0].columns[column]
    said = _plain(" ; ".join((title, *(each.text for each in rows))))
    others = any(_OF_OTHERS.search(text) for text in (title, *labels))
    is_plain = not (others or _NOT_ADDED.search(said))
    if len(found) < _LEAST or not all(names) or len(set(labels)) != len(labels):
        return None
    return Parts(tuple(found), is_plain)


def _in_rows(reading: Reading, asked: frozenset[str]) -> Iterator[Parts]:
    """Yield those of a table with a row for each branch and side."""
    tables: dict[object, list[ReadUnit]] = {}
    for unit in reading.units:
        if unit.unit.kind == "row" and sides_named(_label(unit)) == asked:
            place = (unit.unit.headings, unit.unit.header)
            tables.setdefault(place, []).append(unit)
    for rows in tables.values():
        labels = [_label(each) for each in rows]
        found = [[n for n in each.numbers if n.percent] for each in rows]
        is_each = all(len(each) == 1 for each in found) and len(set(labels)) > 1
        is_other = any(is_total(each) or _OF_OTHERS.search(each) for each in labels)
        if len(rows) < _LEAST or is_other or not is_each:
            continue
        names = [_branch(label) for label in labels]
        said = _plain(" ; ".join(each.text for each in rows))
        is_plain = all(names) and len(set(names)) == len(names)
        pairs = zip(rows, found, strict=True)
        parts = tuple(Part(unit, each[0]) for unit, each in pairs)
        yield Parts(parts, is_plain and not _NOT_ADDED.search(said))


def _label(unit: ReadUnit) -> str:
    return unit.text[unit.label.start : unit.label.end]
