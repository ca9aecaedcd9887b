"""Words of a text with exact offsets, compared without case, accents and endings.

Knows no field and no document; only how two wordings of the same thing are matched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_BREAK = re.compile(r"[;|]")
_SPELLING = (("isation", "ization"), ("ence", "ense"), ("our", "or"))
_ISE = re.compile(r"is(?=(?:e|ed|es|ing)$)")
_FILLERS = 2

_STOPWORDS_TEXT = (
    "a an and are as at be by for from has have in is it its of on or s that the this "
    "to was were which with al alla allo con da dal dalla dei del della delle di e ed "
    "gli i il in la le lo nel nella per su un una uno adalah atas dan dari dengan di "
    "ke oleh pada untuk yang"
)
STOPWORDS = frozenset(_STOPWORDS_TEXT.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word and where it stands."""

    text: str
    start: int
    end: int
    stem: str


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: offsets of code points, end excluded."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """Tell whether the other lies inside and is shorter."""
        inside = self.start <= other.start and other.end <= self.end
        return inside and self != other


def fold(text: str) -> str:
    """Return the text without case and accents (its length may change)."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """Return what is compared: plural, final vowels and British spelling taken off."""
    base = fold(word)
    if len(base) > 5 and base.endswith("nya"):
        base = base[:-3]
    for british, american in _SPELLING:
        if len(base) > len(british) + 2 and base.endswith(british):
            base = base[: -len(british)] + american
    base = _ISE.sub("iz", base)
    if len(base) > 3 and base.endswith("s") and not base.endswith("ss"):
        base = base[:-1]
    trimmed = base.rstrip("aeiouy")
    return trimmed if len(trimmed) >= 3 else base


def read_words(text: str) -> tuple[Word, ...]:
    """Return every word of the text in order."""
    return tuple(
        Word(match.group(), match.start(), match.end(), stem(match.group()))
        for match in _WORD.finditer(text)
    )


def content_words(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words that carry meaning."""
    return tuple(word for word in words if fold(word.text) not in STOPWORDS)


def stems(phrase: str) -> tuple[str, ...]:
    """Return the stems of a phrase's content words, of all words if it has none."""
    words = read_words(phrase)
    return tuple(word.stem for word in content_words(words) or words)


def find_spans(text: str, words: Sequence[Word], phrase: Sequence[str]) -> list[Span]:
    """Return where all words of the phrase stand together, in any order.

    At most two other content words may stand among them, and no ``;`` or ``|``.
    """
    wanted = set(phrase)
    if not wanted:
        return []
    reach = len(wanted) + (_FILLERS if len(wanted) > 1 else 0)
    spans: list[Span] = []
    for index, word in enumerate(words):
        if word.stem not in wanted or (spans and word.start < spans[-1].end):
            continue
        end = _end_of(words[index : index + reach], wanted)
        if end and not _BREAK.search(text, word.start, end):
            spans.append(Span(word.start, end))
    return spans


def _end_of(window: Sequence[Word], wanted: set[str]) -> int:
    missing = set(wanted)
    for word in window:
        missing.discard(word.stem)
        if not missing:
            return word.end
    return 0


def part_around(breaks: re.Pattern[str], text: str, position: int) -> Span:
    """Return the part of a text that holds a position, cut at a pattern's matches."""
    start, end = 0, len(text)
    for match in breaks.finditer(text):
        if match.end() <= position:
            start = match.end()
        elif match.start() >= position:
            end = match.start()
            break
    return Span(start, end)
