"""How a number is written in the language of an article."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SWAPPED = str.maketrans(",.", ".,")
_MAGNITUDES: Mapping[str, Mapping[str, str]] = {
    "it": {"million": "milioni", "billion": "miliardi", "trillion": "bilioni"},
    "id": {"million": "juta", "billion": "miliar", "trillion": "triliun"},
}
_MAGNITUDE = re.compile(r"\b(?:million|billion|trillion)\b")


def localised(text: str, language: str) -> str:
    """Return a value that was written in English as the language writes it.

    English and languages that are not known keep it: "1,234.5 million" is
    "1.234,5 milioni" in Italian and "1.234,5 juta" in Indonesian.
    """
    words = _MAGNITUDES.get(language.partition("-")[0].lower())
    if words is None:
        return text
    plain = _NUMBER.sub(lambda match: match[0].translate(_SWAPPED), text)
    return _MAGNITUDE.sub(lambda match: words[match[0]], plain)
