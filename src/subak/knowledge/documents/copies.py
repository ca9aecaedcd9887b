"""Copies: whether a document is another one over again, by their sentences.

Each sentence becomes a number; a document is a copy of one that has most of its text.
Paragraphs would do where pages keep them; many lose them in line breaks.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST_CHARS = 40
"""A shorter sentence without a figure says nothing about where a text comes from."""

MOST_MARKS = 200
"""Of a long document the sentences with the smallest numbers stand for the rest."""

COMMON_FROM = 4
"""In so many documents of one site a sentence is the site's, not the document's."""

_SHARED = 0.6
_SHARED_CHARS = 200
_END = re.compile(r"\n|[。！？]|[.!?][\"”’»)]*\s")


@dataclass(frozen=True, slots=True)
class Bearer:
    """A document that has a sentence.

    Args:
        number: The document's number in the index.
        host: Its site.
        is_candidate: It may be the original: category and entity are the same.
    """

    number: int
    host: str
    is_candidate: bool


def marks(text: str) -> dict[int, int]:
    """Return the sentences of a text as numbers of 64 bits, with their lengths.

    Short ones count only with a figure in them: a page that differs in a rate is no
    copy.
    """
    found: dict[int, int] = {}
    for sentence in _END.split(text):
        folded = " ".join(sentence.split()).rstrip(".!?")
        if len(folded) >= LEAST_CHARS or any(map(str.isdigit, folded)):
            data = folded.encode("utf-8", "surrogatepass")
            digest = hashlib.blake2b(data, digest_size=8).digest()
            found[int.from_bytes(digest, "big", signed=True)] = len(folded)
    return dict(sorted(found.items())[:MOST_MARKS])


def find_original(
    own: Mapping[int, int], host: str, bearers: Mapping[int, Iterable[Bearer]]
) -> int:
    """Return the number of the document this one is a copy of, 0 when it is none.

    60 % of its text must stand there, on its own site all of it: pages of one site
    differ in little although they are different. What a longer document adds to a
    shorter one is never lost, for the share is that of the newcomer.

    Args:
        own: The marks of the newcomer.
        host: Its site.
        bearers: Who else has each of them.
    """
    counted = [mark for mark in own if not _is_common(bearers.get(mark, ()), host)]
    whole = sum(own[mark] for mark in counted)
    shared: defaultdict[int, int] = defaultdict(int)
    hosts: dict[int, str] = {}
    for mark in counted:
        for bearer in bearers.get(mark, ()):
            if bearer.is_candidate:
                shared[bearer.number] += own[mark]
                hosts[bearer.number] = bearer.host
    enough = [
        number
        for number, chars in shared.items()
        if chars >= _SHARED_CHARS
        and chars >= (1.0 if hosts[number] == host else _SHARED) * whole
    ]
    # The most alike; of those the first there was.
    return min(enough, key=lambda number: (-shared[number], number), default=0)


def _is_common(bearers: Iterable[Bearer], own_host: str) -> bool:
    counts: defaultdict[str, int] = defaultdict(int)
    counts[own_host] = 1
    for bearer in bearers:
        counts[bearer.host] += 1
    return max(counts.values()) >= COMMON_FROM
