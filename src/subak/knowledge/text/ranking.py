"""Ranking: which of some texts speak of a question, by their words alone.

Okapi BM25 (Robertson and Zaragoza 2009) over stems. It needs no index, so the same
texts always give the same order, whatever else a workspace holds.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from subak.knowledge.text.words import content_words, fold, read_words

_K1 = 1.2
_B = 0.75
_HEADING_WEIGHT = 3
# Below this share of the best one a text only happens to hold a word of the question.
_LEAST_SHARE = 0.3
_ASKING_TEXT = (
    "what which who whom whose when where why how many much does do did can there "
    "che cosa quale quali chi quando dove perche come quanto quanti sono "
    "apa siapa kapan mana mengapa bagaimana berapa apakah"
)
_ASKING = frozenset(_ASKING_TEXT.split())


@dataclass(frozen=True, slots=True)
class Text:
    """What is ranked: a text and the headings it stands under."""

    body: str
    heading: str = ""


def rank(query: str, texts: Sequence[Text]) -> list[int]:
    """Return the positions of the texts that speak of a query, best first.

    A word in all of several texts tells nothing apart and counts next to nothing; a
    word of a heading counts three times.
    """
    wanted = sorted(_stems(query))
    counts = [_counted(text) for text in texts]
    sizes = [sum(count.values()) for count in counts]
    mean = sum(sizes) / max(1, len(sizes))
    scores = [0.0] * len(texts)
    for word in wanted:
        bearers = sum(word in count for count in counts)
        rarity = math.log(1 + (len(texts) - bearers + 0.5) / (bearers + 0.5))
        for place, count in enumerate(counts):
            if often := count[word]:
                size = 1 - _B + _B * sizes[place] / mean
                scores[place] += rarity * often * (_K1 + 1) / (often + _K1 * size)
    least = _LEAST_SHARE * max(scores, default=0.0)
    found = [
        place for place, score in enumerate(scores) if score > 0 and score >= least
    ]
    return sorted(found, key=lambda place: (-scores[place], place))


def shared_words(query: str, text: str) -> int:
    """Return how many words of a query stand in a text."""
    return len(_stems(query) & set(_stem_list(text)))


def _counted(text: Text) -> Counter[str]:
    count: Counter[str] = Counter(_stem_list(text.body))
    for word in _stem_list(text.heading):
        count[word] += _HEADING_WEIGHT
    return count


def _stems(text: str) -> set[str]:
    words = content_words(read_words(text))
    return {word.stem for word in words if fold(word.text) not in _ASKING}


def _stem_list(text: str) -> list[str]:
    return [word.stem for word in content_words(read_words(text))]
