"""guess_charset: in which charset bytes that name none make the likeliest text.

Each charset's reading of the words beyond ASCII is weighed by how often its letters
stand in the languages written in it, by case and by neighbours: a naive Bayes model
(cf. Li and Momoi, "A composite approach to language/encoding detection", 2001) that
has something to say from a handful of bytes on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nlargest

from subak.sources.ideographs import (
    HANGUL,
    KANJI,
    KANJI_SHIFTED,
    SIMPLIFIED,
    TRADITIONAL,
    Ideographs,
)
from subak.sources.writing import (
    ARABIC,
    BALTIC,
    CENTRAL,
    CYRILLIC,
    CZECH,
    FRENCH,
    GERMAN,
    GREEK,
    HEBREW,
    HUNGARIAN,
    IBERIAN,
    ITALIAN,
    NORDIC,
    POLISH,
    ROMANIAN,
    SOUTH_SLAVIC,
    THAI,
    TURKISH,
    WEST,
    Writing,
)

_SINGLE = (
    *(("cp1252", how) for how in (WEST, GERMAN, FRENCH, IBERIAN, ITALIAN, NORDIC)),
    *(
        (charset, how)
        for charset in ("cp1250", "iso8859-2")
        for how in (CENTRAL, POLISH, CZECH, HUNGARIAN, ROMANIAN, SOUTH_SLAVIC)
    ),
    ("cp1251", CYRILLIC),
    ("koi8-u", CYRILLIC),
    ("iso8859-5", CYRILLIC),
    ("cp866", CYRILLIC),
    ("cp1253", GREEK),
    ("iso8859-7", GREEK),
    ("cp1254", TURKISH),
    ("cp1255", HEBREW),
    ("cp1256", ARABIC),
    ("iso8859-6", ARABIC),
    ("cp1257", BALTIC),
    ("cp874", THAI),
)
_DOUBLE = (
    ("cp932", KANJI_SHIFTED),
    ("euc_jp", KANJI),
    ("gb18030", SIMPLIFIED),
    ("big5hkscs", TRADITIONAL),
    ("cp949", HANGUL),
)
# No second byte of a double-byte charset is among these: words end there.
_BETWEEN = frozenset((*range(0x30), *range(0x3A, 0x40)))
_HIGH = re.compile(rb"[\x80-\xff]")
_REST = re.compile(rb"[^\x00-\x2f\x3a-\x3f]*")
_LANG = re.compile(
    rb"""<html[^>]{0,200}?\slang\s*=\s*["']?([a-z]{2,3})""", re.IGNORECASE
)
_MAX_WORDS = 1_000
_FIRST_WORDS = 60
_FINALISTS = 6
_MAX_WORD = 60
_HEAD = 4_096
_UNREADABLE = -12.0  # a byte
_BROKEN = -20.0  # a word cut short costs that, not the whole charset
_WRONG_CASE = -5.0
_FINALS = frozenset("\u05da\u05dd\u05df\u05e3\u05e5\u03c2")  # end words only
_STRANGER = -5.0
_CROWD = -1.5  # letters beyond ASCII seldom stand together where ASCII is the rule
_CONTROL = -15.0
_NAMED = 4.0


@dataclass(frozen=True, slots=True)
class _Candidate:
    charset: str
    writing: Writing | Ideographs


_CANDIDATES = (
    *(_Candidate(name, how) for name, how in _SINGLE),
    *(_Candidate(name, how) for name, how in _DOUBLE),
)


def guess_charset(body: bytes, expected: str = "") -> str:
    """Return the charset that fits best, "" when there is nothing beyond ASCII.

    Args:
        expected: What a server says by default, worth no more than a word.
    """
    words = _words(body)
    if not words:
        return ""
    found = _LANG.search(body[:_HEAD])
    language = found[1].decode("ascii").lower() if found else ""

    def likely(one: _Candidate, words: Sequence[bytes]) -> float:
        named = (language in one.writing.languages) + (one.charset == expected)
        return _score(words, one) + _NAMED * named

    # Few words tell most charsets from the right one, many tell it from its kin.
    few = words[:_FIRST_WORDS]
    finalists = nlargest(_FINALISTS, _CANDIDATES, key=lambda one: likely(one, few))
    return max(finalists, key=lambda one: likely(one, words)).charset


def _words(body: bytes) -> list[bytes]:
    """Return different words; the same sentence on each page says nothing more."""
    found: dict[bytes, None] = {}
    end = 0
    while len(found) < _MAX_WORDS and (high := _HIGH.search(body, end)):
        start = high.start()  # a pattern for whole words tries each ASCII word too
        while start > end and body[start - 1] not in _BETWEEN:
            start -= 1
        rest = _REST.match(body, high.start())
        end = rest.end() if rest else high.end()
        found[body[start:end][:_MAX_WORD]] = None
    return list(found)


def _score(words: Sequence[bytes], candidate: _Candidate) -> float:
    charset, writing = candidate.charset, candidate.writing
    if isinstance(writing, Ideographs):
        return sum(_double(word, charset, writing) for word in words)
    return writing.bonus + sum(_single(word, charset, writing) for word in words)


def _single(word: bytes, charset: str, writing: Writing) -> float:
    text = word.decode(charset, "replace")
    total = 0.0
    before = ""
    for place, character in enumerate(text):
        if character >= "\x80":
            total += writing.weight(character) if character != "\ufffd" else _UNREADABLE
            total += _CONTROL * ("\x80" <= character < "\xa0")
            after = text[place + 1 : place + 2]
            total += _fit(character, before, after, is_latin=writing.is_latin)
        elif before >= "\x80" and before.islower() and character.isupper():
            total += _WRONG_CASE
        before = character
    return total


def _fit(character: str, before: str, after: str, *, is_latin: bool) -> float:
    """Return what a character's neighbours cost it."""
    total = 0.0
    if character.isupper() and before.islower():
        total += _WRONG_CASE
    if not character.isalpha():
        is_inside = before.isalpha() and after.isalpha()
        return total + (_STRANGER if is_inside and character != "\u2019" else 0.0)
    if is_latin:
        return total + _CROWD * (before.isalpha() and before >= "\x80")
    strangers = sum(one.isalpha() and one < "\x80" for one in (before, after))
    is_misplaced = character in _FINALS and after.isalpha()
    return total + _STRANGER * strangers + _WRONG_CASE * is_misplaced


def _double(word: bytes, charset: str, ideographs: Ideographs) -> float:
    try:
        text = word.decode(charset)
    except UnicodeDecodeError:
        high = sum(byte >= 0x80 for byte in word)
        return _BROKEN + _UNREADABLE * high / 2
    total = 0.0
    for character in text:
        if character >= "\x80":
            encoded = character.encode(charset, "replace")
            total += (
                ideographs.weight(character, encoded[0])
                if len(encoded) == 2
                else _UNREADABLE
            )
    return total
