"""Snap: the unit that a model's quote was taken from, by the longest common run.

Small models point a few lines off and drop a comma; the words themselves are right.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from subak.knowledge.articles.sayable import Said
from subak.knowledge.text.words import fold, read_words

_LEAST_RUN = 3
_LEAST_SHARE = 0.6


def snap(quote: str, said: Sequence[Said]) -> Said | None:
    """Return the unit that holds most of a quote in one run, None if none holds enough.

    Three words in a row and 60 % of the quote must stand there; of equals the first.
    """
    wanted = _folded(quote)
    if len(wanted) < _LEAST_RUN:
        return None
    least = max(_LEAST_RUN, -(-len(wanted) * 6 // 10))
    best, longest = None, least - 1
    distinct = set(wanted)
    for each in said:
        stated = _folded(each.text)
        if len(distinct.intersection(stated)) < min(least, len(distinct)):
            continue
        run = _longest_run(wanted, stated)
        if run > longest:
            best, longest = each, run
    return best


def nearest(sentence: str, said: Sequence[Said]) -> Said | None:
    """Return the unit that shares most words with a sentence.

    None has 60 % of its words: then it restates none.
    """
    wanted = set(_folded(sentence))
    best, most = None, 0.0
    for each in said:
        stated = set(_folded(each.text))
        shared = len(wanted & stated)
        likeness = shared / max(1, len(wanted | stated))
        if shared >= _LEAST_SHARE * len(wanted) and likeness > most:
            best, most = each, likeness
    return best


def _longest_run(wanted: Sequence[str], stated: Sequence[str]) -> int:
    matcher = SequenceMatcher(None, wanted, stated, autojunk=False)
    return matcher.find_longest_match().size


def _folded(text: str) -> list[str]:
    return [fold(word.text) for word in read_words(text)]
