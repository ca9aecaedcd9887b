"""text_changes: what of a text went and came, unit by unit and word by word; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

from subak.knowledge.text.units import units

Kind = Literal["same", "gone", "came", "skipped"]

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_AROUND = 1  # units shown before and after a change
_ALIKE = 0.4
# SequenceMatcher's time grows with the square; its heuristic for long lists bounds it.
_SLOW_FROM = 1_500
_LONGEST_WORDS = 400


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a unit; marked where its other side says it differently."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One unit of a text, or a number of them that stayed and are left out.

    Args:
        kind: "skipped" for units that stayed and stand near no change.
        count: How many units it stands for.
    """

    kind: Kind
    pieces: tuple[Piece, ...] = ()
    count: int = 1

    @property
    def text(self) -> str:
        """Return its words."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class TextChanges:
    """What became of a text.

    Args:
        gone: Units that are not there any more.
        came: Units that were not there before.
    """

    lines: tuple[Line, ...]
    gone: int
    came: int

    @property
    def is_same(self) -> bool:
        """Tell whether both say the same; blanks between units do not count."""
        return not (self.gone or self.came)

    def to_json(self) -> dict[str, object]:
        """Return the changes with the names of the outer contract."""
        return {"version": 1, **asdict(self)}


def text_changes(old: str, new: str) -> TextChanges:
    """Return what went and what came, in the order of the text.

    Of a unit that was reworded the words that differ are marked.
    """
    before, after = _unit_texts(old), _unit_texts(new)
    is_long = len(before) + len(after) > _SLOW_FROM
    matcher = SequenceMatcher(None, before, after, autojunk=is_long)
    lines: list[Line] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            lines += [Line("same", (Piece(text),)) for text in after[j1:j2]]
        else:
            lines += _replaced(before[i1:i2], after[j1:j2])
    return TextChanges(
        lines=tuple(_shortened(lines)),
        gone=sum(line.kind == "gone" for line in lines),
        came=sum(line.kind == "came" for line in lines),
    )


def _unit_texts(text: str) -> list[str]:
    return [" ".join(unit.text.split()) for unit in units(text)]


def _replaced(gone: Sequence[str], came: Sequence[str]) -> Iterator[Line]:
    for old, new in zip_longest(gone, came):
        if old is not None and new is not None:
            yield from _reworded(old, new)
        elif old is not None:
            yield Line("gone", (Piece(old),))
        elif new is not None:
            yield Line("came", (Piece(new),))


def _reworded(old: str, new: str) -> Iterator[Line]:
    words, others = _WORD.findall(old), _WORD.findall(new)
    if max(len(words), len(others)) > _LONGEST_WORDS:
        yield Line("gone", (Piece(old),))
        yield Line("came", (Piece(new),))
        return
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    is_alike = _likeness(words, others) >= _ALIKE
    gone: list[Piece] = []
    came: list[Piece] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        is_marked = is_alike and tag != "equal"
        gone.append(Piece("".join(words[i1:i2]), is_marked))
        came.append(Piece("".join(others[j1:j2]), is_marked))
    yield Line("gone", tuple(piece for piece in gone if piece.text))
    yield Line("came", tuple(piece for piece in came if piece.text))


def _likeness(words: Sequence[str], others: Sequence[str]) -> float:
    """Return which share of two units is the same, blanks left out, 0 to 1."""
    said, other = ([word for word in each if word.strip()] for each in (words, others))
    return SequenceMatcher(None, said, other, autojunk=False).ratio()


def _shortened(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines without those that stayed and stand near no change."""
    places = [number for number, line in enumerate(lines) if line.kind != "same"]
    near = {
        each for place in places for each in range(place - _AROUND, place + _AROUND + 1)
    }
    skipped = 0
    for number, line in enumerate(lines):
        if number not in near:
            skipped += 1
            continue
        if skipped:
            yield Line("skipped", count=skipped)
            skipped = 0
        yield line
    if skipped:
        yield Line("skipped", count=skipped)
