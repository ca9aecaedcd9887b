"""Sentences of one paragraph as exact spans; abbreviations and numbers don't split."""

from __future__ import annotations

import re
from collections.abc import Iterator

from subak.knowledge.text.words import Span

# Possessive, from the first mark only: a page may hold nothing but marks.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=\s)")
_OPENING = re.compile(r"(\s*)[\"'“‘«(\[*_¿¡]*")
_BEFORE_WORD = frozenset("([\"'“‘«")
_BLANK = re.compile(r"\s*")
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
    return sorted({*marks, *_breaks(text, start, end)})


def _breaks(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the line breaks that end a sentence."""
    line_start = start
    while (index := text.find("\n", line_start, end)) >= 0:
        if not _is_wrap(text, line_start, index, end):
            yield index
        line_start = index + 1


def _ends_sentence(text: str, mark: int, after: int, start: int, end: int) -> bool:
    opening = _OPENING.match(text, after, end)
    begin = opening.end() if opening else after
    first = text[begin] if begin < end else ""
    if not first or not (first.isupper() or first.isdigit() or not first.isalnum()):
        return opening is not None and opening.end(1) == end
    if text[mark] != ".":
        return True
    word = _word_before(text, start, mark).casefold()
    if word in _ABBREVIATIONS:
        return False
    is_initial = len(word) == 1 and word.isalpha()
    is_dotted = "." in word and all(len(part) <= 1 for part in word.split("."))
    return not (is_initial or is_dotted)


def _word_before(text: str, start: int, mark: int) -> str:
    """Return the word that a mark follows; looked for from behind, it is short."""
    if mark > start and text[mark - 1] == "\n":
        mark -= 1
    begin = mark
    while begin > start:
        character = text[begin - 1]
        if character in _BEFORE_WORD or character.isspace():
            break
        begin -= 1
    return text[begin:mark]


def _is_wrap(text: str, line_start: int, index: int, end: int) -> bool:
    if text[index - 1] in ".!?:;":
        return False
    if index - line_start < _WRAPPED and text[index - 1] != ",":
        return False
    blank = _BLANK.match(text, index, end)
    begin = blank.end() if blank else index
    if begin == end or not text[begin].islower():
        return False
    return _LABEL.match(text, begin, end) is None


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    part = text[start:end]
    if stripped := part.strip():
        begin = start + len(part) - len(part.lstrip())
        yield Span(begin, begin + len(stripped))
