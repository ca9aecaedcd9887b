"""Passage: a retrievable span of a document, a few units under one heading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from subak.knowledge.text.units import Heading, Unit, units

_WORDS = 120


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document's text; ``text`` is exactly ``document.text[start:end]``."""

    start: int
    end: int
    text: str
    heading: str


def passages(text: str) -> tuple[Passage, ...]:
    """Cut a text into passages of about 120 words.

    A passage never crosses a heading of level 1 or 2 and never cuts a unit, unless one
    unit alone is longer. Headings with nothing under them make none: they answer no
    question and are nearest to many.
    """
    groups = list(_groups(units(text)))
    telling = [group for group in groups if any(map(_tells, group))]
    return tuple(_passage(text, group) for group in telling or groups)


def _tells(unit: Unit) -> bool:
    return unit.kind not in ("heading", "header")


def _groups(found: tuple[Unit, ...]) -> Iterator[list[Unit]]:
    group: list[Unit] = []
    count = 0
    for unit in found:
        size = len(unit.text.split())
        if group and (_opens_section(unit) or count + size > _WORDS):
            closing = _trailing_headings(group) if not _opens_section(unit) else []
            if body := group[: len(group) - len(closing)]:
                yield body
            group, count = closing, sum(len(each.text.split()) for each in closing)
        group.append(unit)
        count += size
    if group:
        yield group


def _opens_section(unit: Unit) -> bool:
    if unit.kind != "heading":
        return False
    return len(unit.text) - len(unit.text.lstrip("#")) in (1, 2)


def _trailing_headings(group: list[Unit]) -> list[Unit]:
    """A heading at the end of a full passage belongs to what follows."""
    count = 0
    while count < len(group) and group[-1 - count].kind in ("heading", "header"):
        count += 1
    return group[len(group) - count :]


def _passage(text: str, group: list[Unit]) -> Passage:
    start, end = group[0].start, group[-1].end
    headings = group[-1].headings
    if group[-1].kind == "heading":
        headings = (*headings, Heading(group[-1].text.strip("# "), start, end, 7))
    return Passage(
        start, end, text[start:end], " > ".join(heading.text for heading in headings)
    )
