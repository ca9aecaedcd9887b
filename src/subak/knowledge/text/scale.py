"""Scale: what a title says its numbers are counted in, thousands or millions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_EXPONENTS: Mapping[str, int] = {
    word: exponent
    for exponent, words in (
        (3, "thousand thousands migliaia ribu ribuan tausend milliers '000 ’000 000s"),
        (5, "lakh lakhs"),
        (6, "million millions mn mln mio milioni juta jutaan millionen millones"),
        (7, "crore crores"),
        (9, "billion billions bn miliardi miliar miliaran milliarden milliards"),
        (12, "trillion trillions triliun"),
    )
    for word in words.split()
}
_WORD = "|".join(sorted(map(re.escape, _EXPONENTS), key=len, reverse=True))
# Behind a number it is that number's own: "firms above 5 million".
_TITLED = re.compile(
    rf"(?<!\w)(?<!per\s)(?<![\d.,]\s)(?<![\d.,]-)(?P<word>{_WORD})(?!\w)"
    r"|(?:[€$£¥]|\b(?:EUR|USD|GBP))\s?(?P<short>k|m|bn)(?=[\s)\]|]|$)",
    re.IGNORECASE,
)
_SHORT = {"k": 3, "m": 6, "bn": 9}
_SAID = re.compile(
    r"\b(?:in|as|expressed\s+in|dalam|espress[ioae]+\s+in|en)\s+(?:[\w€$£¥.]+\s+){0,2}"
    rf"(?:{_WORD})(?!\w)|\((?:[\w€$£¥.]+\s+){{0,2}}(?:{_WORD})(?:\s+\w+){{0,3}}\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scale:
    """What numbers are counted in.

    Args:
        word: The word that says so.
        exponent: Its power of ten.
    """

    word: str
    exponent: int


def scale_of_title(title: str) -> Scale | None:
    """Return the scale a column's title gives its numbers, None for none."""
    match = _TITLED.search(title)
    if match is None:
        return None
    if match["short"]:
        return Scale(match[0], _SHORT[match["short"].lower()])
    return Scale(match["word"], _EXPONENTS[match["word"].lower()])


def scale_of_caption(text: str) -> Scale | None:
    """Return the scale a caption or heading gives: "amounts in thousands of lei"."""
    said = _SAID.search(text)
    return scale_of_title(said[0]) if said else None
