"""Stretches: a reading cut into pieces of which each says one thing.

Cut between its figures, its dates, or where a clause ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from subak.knowledge.checking.bounds import (
    form_of,
    is_currency,
    is_date,
    states_same,
)
from subak.knowledge.checking.sense import CURRENCIES, Part, Reading


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CLAUSE_ENDS = _set(
    "; , while whereas but mentre sedangkan which che yang ma tetapi tapi namun"
)
_STRONG = _set("; , while whereas but mentre sedangkan che which who that")
_WEAK = _set("and or e ed o dan atau serta with")
_WAYS = _set("from to by dal al da a dari menjadi ke")
_SAYING = frozenset({"sense", "light", "figure"})

Stretch = Sequence[Part]


def clauses(reading: Reading) -> list[Stretch]:
    """Return what stands between the marks and words that end a clause."""
    found: list[list[Part]] = [[]]
    for part in reading.parts:
        if part.text in _CLAUSE_ENDS:
            found.append([])
        elif part.kind == "operator" or _says(part):
            found[-1].append(part)
    return [one for one in found if one]


Form = tuple[str, str, str]


def forms_of(reading: Reading) -> list[Form]:
    """Return the forms of which there are several figures: percent, euros, years."""
    forms = Counter(_form(reading, figure) for figure in reading.figures)
    return [form for form, count in forms.items() if count > 1]


def around_figures(reading: Reading, form: Form) -> list[Stretch]:
    """Return for each figure of a form what is said around it, the figure first.

    Figures of other forms, dates among them, are words like others: none of them can
    be taken for one of these.
    """
    parts = reading.parts
    tied = {id(part) for part in _ties(parts)}
    places = [
        at
        for at, part in enumerate(parts)
        if part.figure is not None and _form(reading, part) == form
    ]
    if not places:
        return []
    ends = [_cut(parts, one, other) for one, other in pairwise(places)]
    begins = [0, *(begin for _, begin in ends)]
    stops = [*(stop for stop, _ in ends), len(parts)]
    return [
        [
            parts[at],
            *(
                part
                for part in parts[begin:stop]
                if part is not parts[at]
                and (_says(part) or part.kind == "operator" or id(part) in tied)
            ),
        ]
        for at, begin, stop in zip(places, begins, stops, strict=True)
    ]


def is_same(one: Part, other: Part) -> bool:
    """Tell whether two parts say the same by themselves."""
    if one.figure or other.figure:
        return states_same(one, other)
    if "light" in {one.kind, other.kind}:
        return one.kind == other.kind and one.token.stem == other.token.stem
    return one.says(other)


def _form(reading: Reading, figure: Part) -> Form:
    return ("date", "", "") if is_date(figure) else form_of(reading, figure)


def _cut(parts: Sequence[Part], one: int, other: int) -> tuple[int, int]:
    """Return where what is said of one figure stops, and that of the next begins.

    Without a joint it cannot be told whose the words between are; of "employee: 8
    employer: 10" they are a label of the next.
    """
    between = range(one + 1, other)
    if strong := [at for at in between if parts[at].text in _STRONG]:
        return strong[-1], strong[-1]
    if weak := [at for at in between if parts[at].text in _WEAK]:
        return weak[0], weak[0]
    if any(parts[at].text == ":" for at in between):
        return one + 1, one + 1
    before = other - 1 - is_currency(parts[other - 1])
    return one + 1, before if parts[before].text in _WAYS else other


def _ties(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield what tells a figure from another by itself: "from 5", "to 6"."""
    for at, part in enumerate(parts):
        if part.kind == "small" and part.text in _WAYS:
            following = [one for one in parts[at + 1 :] if not is_currency(one)]
            if following and following[0].figure is not None:
                yield part


def _says(part: Part) -> bool:
    return part.kind in _SAYING and not part.senses <= CURRENCIES
