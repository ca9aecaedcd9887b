"""Labels: the name a text itself gives a value, before a colon, in a cell or above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span, content_words, read_words

_LABEL = re.compile(r"[\W_]*([^:]{1,80}):\s")
_BRACKETS = re.compile(r"\([^)]*\)|\d+")
_NEUTRAL = frozenset(
    word.stem
    for word in read_words(
        "total totale overall general main principal principale name value current rate"
        " est"
    )
)


def label_words(label: str) -> frozenset[str]:
    """Return the stems a label consists of, without years, brackets and "total"."""
    words = content_words(read_words(_BRACKETS.sub(" ", label)))
    return frozenset(word.stem for word in words) - _NEUTRAL


def iter_labels(unit: ReadUnit, place: Span) -> Iterator[frozenset[str]]:
    """Yield what the value at a place is called.

    A label that says nothing ("total") leaves the word to the next heading above.
    """
    own = [label_words(label) for label in own_labels(unit, place)]
    yield from (label for label in own if label)
    if any(own) or not (own or starts_with(unit, place)):
        return
    titles = (each for each in reversed(unit.unit.headings) if each.level > 1)
    named = (label_words(heading.text) for heading in titles)
    yield from islice((words for words in named if words), 1)


def own_labels(unit: ReadUnit, place: Span) -> Iterator[str]:
    """Yield the labels in the unit itself: title cells, the words before ":"."""
    if unit.unit.kind == "row":
        first = [unit.label]
        yield from (unit.text[cell.start : cell.end] for cell in first)
        if title := unit.column_title(place):
            yield title
    elif (label := _LABEL.match(unit.text)) and _is_before(label, place):
        yield label[1]


def starts_with(unit: ReadUnit, place: Span) -> bool:
    """Tell whether the unit begins with what stands at the place."""
    return not any(char.isalnum() for char in unit.text[: place.start])


def _is_before(label: re.Match[str], place: Span) -> bool:
    """A whole unit as place stands for what follows its label."""
    return place.start == 0 or label.end() <= place.start
