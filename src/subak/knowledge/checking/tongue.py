"""Tongue: the language of a short pair of texts, by its closed words and its lexicon.

A sentence of ten words may hold no article or "and"; what it speaks of tells as well.
"""

from __future__ import annotations

import re
from functools import lru_cache

from subak.knowledge.checking.lexicon import lexicon_of
from subak.knowledge.text.language import LANGUAGES, Language, language_of

_WORD = re.compile(r"[^\W\d_]+")
_CLEAR = 3
_EVERYWHERE = frozenset({"per"})  # "per minggu", "per week", "per settimana"


def tongue_of(text: str) -> Language:
    """Return the language of a text; the one of its closed words where both agree."""
    words = tuple(
        word
        for word in _WORD.findall(text.lower())
        if len(word) > 1 and word not in _EVERYWHERE
    )
    first = language_of(text)
    scores = {code: _score(code, words) for code in LANGUAGES}
    best = max(scores, key=lambda code: (scores[code], code == first.code))
    return LANGUAGES[best] if scores[best] >= scores[first.code] + _CLEAR else first


def _score(code: str, words: tuple[str, ...]) -> int:
    closed, lexicon = _closed(code), lexicon_of(code)
    return sum(
        2
        if word in closed
        else (lexicon.key(word),) in lexicon.phrases
        or any(word[:size] in lexicon.prefixes for size in range(4, len(word)))
        for word in words
    )


@lru_cache(maxsize=8)
def _closed(code: str) -> frozenset[str]:
    language = LANGUAGES[code]
    return frozenset().union(
        language.connecting,
        language.negations,
        language.adjuncts,
        language.dated,
        language.limits,
        language.scope,
        language.denials,
    )
