"""Neighbours: words side by side in a sentence belong together in its source.

"Seasonal labour" from "seasonal workers ... the labour market" says something new,
although each of its words is there.
"""

from __future__ import annotations

from collections.abc import Iterator

from subak.knowledge.checking.bounds import BOUNDS
from subak.knowledge.checking.sense import Part, Reading

_FAR = 5
_RELATIVE = frozenset({"who", "which", "that", "che", "yang"})


def neighbours_problem(said: Reading, source: Reading) -> str:
    """Return which words the sentence puts together anew; "" for none."""
    for one, other in _side_by_side(said):
        first, second = list(_places(source, one)), list(_places(source, other))
        gaps = [there - here for here in first for there in second if here != there]
        if not gaps or any(0 < gap <= _FAR for gap in gaps):
            continue
        if any(_is_told(source, here, there) for here in first for there in second):
            continue
        if all(gap == -1 for gap in gaps) or all(abs(gap) > _FAR for gap in gaps):
            return (
                f'the sentence puts "{one.token.surface}" beside'
                f' "{other.token.surface}"'
            )
    return ""


def _is_told(reading: Reading, here: int, there: int) -> bool:
    """Tell whether only what is told of the first stands between: "who stay ..."."""
    between = reading.parts[here + 1 : there]
    return bool(between) and between[0].text in _RELATIVE


def _side_by_side(reading: Reading) -> Iterator[tuple[Part, Part]]:
    """Yield words of sense with nothing between them, names left aside."""
    for one, other in zip(reading.parts, reading.parts[1:], strict=False):
        if one.kind == other.kind == "sense" and not (
            one.is_proper or other.is_proper or (one.senses | other.senses) & BOUNDS
        ):
            yield one, other


def _places(reading: Reading, part: Part) -> Iterator[int]:
    for at, other in enumerate(reading.parts):
        if other.kind == "sense" and part.says(other):
            yield at
