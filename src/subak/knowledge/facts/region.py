"""Region: the parts of a country, whose own taxes are not the country's."""

from __future__ import annotations

import re
from functools import lru_cache

from subak.knowledge.facts.identity import code_of
from subak.knowledge.text.words import fold, read_words

# Names of regions that are common words, too.
_COMMON_TEXT = (
    "central centre center capital federal northern southern eastern western north "
    "south east west upper lower middle coast littoral plateau union victoria national"
)
_COMMON = frozenset(_COMMON_TEXT.split())
_GOES_ON = re.compile(r"[\s*_]*(?:['’]s?\b|[:|,]|$|\s[a-zà-ÿ(])")
# "NAIROBI, 9 June –" tells where a text was written.
_DATELINE = re.compile(r"[\s*_]*(?:\([^)]*\)|,\s*\d|,\s*[A-Z]\w+\s+\d|[,\s]*[–—-]\s)")


def region_at_start(text: str, country: str) -> str:
    """Return the region of a country that a text begins with, "" for none."""
    words = read_words(text[:80])
    if not country or not words or not words[0].text[:1].isupper():
        return ""
    folded = [fold(word.text) for word in words]
    for name in _regions(country).get(folded[0], ()):
        if tuple(folded[: len(name)]) != name:
            continue
        end = words[len(name) - 1].end
        if _GOES_ON.match(text, end) and not _DATELINE.match(text, end):
            return text[words[0].start : end]
    return ""


@lru_cache(maxsize=64)
def _regions(country: str) -> dict[str, list[tuple[str, ...]]]:
    """Return the registry's regions of a country by their first word, longest first."""
    import pycountry

    code = code_of(country)
    every = pycountry.subdivisions
    listed = every.get(country_code=code) if code else None  # type: ignore[no-untyped-call]
    own = tuple(fold(word.text) for word in read_words(country))
    found: dict[str, list[tuple[str, ...]]] = {}
    for each in listed or ():
        plain = re.sub(r"\[.*?\]|\(.*?\)", "", each.name).partition(",")[0]
        words = tuple(fold(word.text) for word in read_words(plain))
        if words and words != own and not _COMMON.issuperset(words):
            found.setdefault(words[0], []).append(words)
    for names in found.values():
        names.sort(key=len, reverse=True)
    return found
