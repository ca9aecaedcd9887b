"""Derivation: are two words made of one root, "commercial" and "commercially"?

By endings and beginnings alone, so that "producer" and "product" meet as well: what a
word means is not decided here.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LEAST_ROOT = 4
_ENGLISH = re.compile(
    r"(?:ations?|ators?|ated?|ates|ating|ative(?:ly)?|ically|ical|icals?|ially|ials?"
    r"|ality|ally|als?|ities|ity|ments?|mental|ances?|ences?|ants?|ents?|ency|ancy"
    r"|ables?|ibles?|ably|ibly|ary|aries|ives?|ively|ions?|ional(?:ly)?|isms?|ists?"
    r"|ness|ful(?:ly)?|ships?|ers?|ors?|ies|ied|ing|ed|es|s|ly|y|e)$"
)
_ITALIAN = re.compile(
    r"(?:azion[ei]|izion[ei]|ament[oi]|iment[oi]|zion[ei]|ion[ei]|ator[ei]|atric[ei]"
    r"|at[oaie]|it[oaie]|ut[oaie]|are|ere|ire|ano|ono|ando|endo|ante|anti|ente|enti"
    r"|al[ei]|iv[oaie]|abil[ei]|ibil[ei]|ità|mente|ist[aei]|[aeioàèéìòù])$"
)
_INDONESIAN_BEGIN = re.compile(
    r"^(?:memper|menge|meng|meny|mem|men|me|diper|di|ber|ter|peng|peny|pem|pen|per|pe"
    r"|ke|se)(?=\w{4})"
)
_INDONESIAN_END = re.compile(r"(?<=\w{4})(?:kannya|annya|kan|nya|an|i)$")


def is_derived(one: str, other: str, code: str) -> bool:
    """Tell whether two words, in lower case, have one root in that language."""
    if one == other:
        return True
    first, second = _root(one, code), _root(other, code)
    if min(len(first), len(second)) < _LEAST_ROOT:
        return False
    if first == second:
        return True
    if code == "id":  # the first sound of a root melts into its prefix
        return first[1:] in {second, second[1:]} or first == second[1:]
    # "elect" and "election", "produce" and "product"
    return first.removesuffix("t") == second.removesuffix("t")


@lru_cache(maxsize=4096)
def _root(word: str, code: str) -> str:
    if code == "id":
        return _INDONESIAN_END.sub("", _INDONESIAN_BEGIN.sub("", word))
    ending = _ITALIAN if code == "it" else _ENGLISH
    found = word
    while True:
        shorter = ending.sub("", found)
        if shorter == found or len(shorter) < _LEAST_ROOT:
            return found
        found = shorter
