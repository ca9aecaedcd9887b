"""Spelled: numbers below a hundred as six languages write them in words.

What is a common word of another of the languages is left out ("once", "elf", "six").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

_SMALL: Mapping[str, int] = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "sette": 7, "otto": 8,
    "nove": 9, "dieci": 10, "undici": 11, "dodici": 12,
    "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10, "sebelas": 11,
    "zwölf": 12, "doce": 12, "onze": 11, "douze": 12,
}  # fmt: skip
_TEENS = (
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
    "tredici quattordici quindici sedici diciassette diciotto diciannove",
    "dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "trece catorce quince dieciséis diecisiete dieciocho diecinueve",
    "treize quatorze quinze seize dix-sept dix-huit dix-neuf",
)
_TENS: Mapping[str, str] = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "id": (
        "dua-puluh tiga-puluh empat-puluh lima-puluh enam-puluh tujuh-puluh"
        " delapan-puluh sembilan-puluh"
    ),
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "fr": "vingt trente quarante cinquante soixante",
}
_ONES: Mapping[str, str] = {
    "en": "one two three four five six seven eight nine",
    "it": "uno due tre quattro cinque sei sette otto nove",
    "id": "satu dua tiga empat lima enam tujuh delapan sembilan",
    "de": "ein zwei drei vier fünf sechs sieben acht neun",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve",
    "fr": "un deux trois quatre cinq six sept huit neuf",
}


def read_spelled(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and value of every number written in words, in order."""
    words, pattern = _vocabulary()
    for match in pattern.finditer(text):
        yield match.start(), match.end(), words[_key(match.group())]


@cache
def _vocabulary() -> tuple[Mapping[str, int], re.Pattern[str]]:
    words = dict(_SMALL)
    for line in _TEENS:
        words |= {_key(word): 13 + index for index, word in enumerate(line.split())}
    for language, tens in _TENS.items():
        for index, ten in enumerate(tens.split()):
            value = 20 + 10 * index
            words[_key(ten)] = value
            for one, name in enumerate(_ONES[language].split(), 1):
                for form in _joined(language, ten, name, one):
                    words.setdefault(_key(form), value + one)
    for one, name in enumerate(_ONES["id"].split(), 1):
        if one > 1:
            words[f"{name} belas"] = 10 + one
    longest = sorted(words, key=len, reverse=True)
    forms = "|".join(re.escape(each).replace(r"\ ", r"[\s-]+") for each in longest)
    return words, re.compile(rf"(?<![\w-])(?:{forms})\b", re.IGNORECASE)


def _key(form: str) -> str:
    return re.sub(r"[\s-]+", " ", form).lower()


def _joined(language: str, ten: str, name: str, one: int) -> Iterator[str]:
    """Yield how a language writes a ten and a one together."""
    if language in ("en", "id", "fr"):
        yield f"{ten} {name}"
        if language == "fr" and one == 1:
            yield f"{ten} et {name}"
    elif language == "it":
        stem = ten[:-1] if one in (1, 8) else ten
        yield stem + name
        if one == 3:
            yield f"{ten}tré"
    elif language == "de":
        yield f"{name}und{ten}"
    else:
        yield f"{ten} y {name}"
        if ten == "veinte":
            yield "veinti" + {2: "dós", 3: "trés", 6: "séis"}.get(one, name)
