"""Sentences of one paragraph as exact spans; abbreviations and numbers don't split."""

from __future__ import annotations

import re
from collections.abc import Iterator

from subak.knowledge.words import Span

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)")
_OPENING = "\"'“‘«([*_¿¡"
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘«]*$")
_LABEL = re.compile(r"[^.:;!?|]{1,60}:\s")
_ABBREVIATIONS_TEXT = (
    "e.g i.e cf vs etc approx est ca no nos nr art arts sec par para p pp vol fig mr "
    "mrs ms dr prof st jr sr gen gov sen rep inc ltd corp co jan feb mar apr jun jul "
    "aug sep sept oct nov dec p.a u.s u.k u.n e.u a.m p.m es ecc sig dott ing avv n "
    "artt lett d.lgs d.p.r l rp rs dll dsb yg s.d no hlm bld tgl"
)
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_TEXT.split())
# Below this length a line break is taken as the author's, not as a wrap.
_WRAPPED = 50


def read_sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the sentences of ``text[start:end]`` in order, without outer blanks."""
    begin = start
    for boundary in _boundaries(text, start, end):
        yield from _trimmed(text, begin, boundary)
        begin = boundary
    yield from _trimmed(text, begin, end)


def _boundaries(text: str, start: int, end: int) -> list[int]:
    marks = [
        match.end()
        for match in _END.finditer(text, start, end)
        if _ends_sentence(text, match.start(), match.end(), start, end)
    ]
    breaks = [
        index
        for index in range(start, end)
        if text[index] == "\n" and not _is_wrap(text, index, start, end)
    ]
    return sorted({*marks, *breaks})


def _ends_sentence(text: str, mark: int, after: int, start: int, end: int) -> bool:
    following = text[after:end].lstrip()
    first = following.lstrip(_OPENING)[:1]
    if not first or not (first.isupper() or first.isdigit() or not first.isalnum()):
        return not following
    if text[mark] != ".":
        return True
    match = _LAST_WORD.search(text, start, mark)
    word = match.group().casefold() if match else ""
    if word in _ABBREVIATIONS:
        return False
    is_initial = len(word) == 1 and word.isalpha()
    is_dotted = "." in word and all(len(part) <= 1 for part in word.split("."))
    return not (is_initial or is_dotted)


def _is_wrap(text: str, index: int, start: int, end: int) -> bool:
    line_start = max(text.rfind("\n", start, index) + 1, start)
    following = text[index:end].lstrip()
    if not following[:1].islower() or index - line_start < _WRAPPED:
        return False
    return text[index - 1] not in ".!?:;" and not _LABEL.match(following)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    part = text[start:end]
    if stripped := part.strip():
        begin = start + len(part) - len(part.lstrip())
        yield Span(begin, begin + len(stripped))
