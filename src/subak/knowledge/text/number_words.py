"""Number words: what a text spells out is written in digits, in three languages.

Only whole values known by their form are turned; "one" and "a third" stay words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache


def _list(words: str) -> list[str]:
    return words.split()


_EN_UNITS = _list(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen"
    " fourteen fifteen sixteen seventeen eighteen nineteen"
)
_EN_TENS = _list("twenty thirty forty fifty sixty seventy eighty ninety")
_EN_SMALL = {
    **{word: value for value, word in enumerate(_EN_UNITS)},
    **{word: (value + 2) * 10 for value, word in enumerate(_EN_TENS)},
}
_EN_LARGE = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_IT_UNITS = _list(
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici"
    " quattordici quindici sedici diciassette diciotto diciannove"
)
_IT_TENS = _list("venti trenta quaranta cinquanta sessanta settanta ottanta novanta")
_ID_UNITS = _list(
    "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas"
)
_ID_ONES = {"sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1_000}
_SHARES = {"quarter": 25, "fifth": 20, "tenth": 10}
_IT_SHARES = {"quart": 25, "quint": 20, "decim": 10}
_ID_SHARES = {"perempat": 25, "perlima": 20, "persepuluh": 10}
_PLURAL = "quarters|fifths|tenths"
_IT_PLURAL = "quarti|quinti|decimi"
_IT_COUNT = "un|due|tre|quattro|cinque|sei|sette|otto|nove"
_POINT = r"percentage point"


@lru_cache(maxsize=4096)
def in_digits(text: str, code: str) -> str:
    """Return the text with its number words as digits; ``code`` is its language."""
    turn = _TURNS.get(code)
    return turn(text) if turn else text


def _any(words: Sequence[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_EN_WORD = rf"(?:{_any([*_EN_SMALL, *_EN_LARGE, 'hundred'])})"
_EN_RUN = re.compile(
    rf"\b(?:an? (?=hundred|thousand))?{_EN_WORD}(?:(?:[- ]| and ){_EN_WORD})*"
    r"\b(?![-'’]\w*th\b)",
    re.IGNORECASE,
)
_EN_FIXED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"\b(?:a|one) year and a half\b|\bone and a half years\b", "18 months"),
        (r"\bhalf a year\b", "6 months"),
        (rf"\b(?:a |one )?quarter of a {_POINT}\b", "25 basis points"),
        (rf"\b0\.25 {_POINT}s?\b", "25 basis points"),
        (rf"\bhalf a {_POINT}\b|\b0\.5 {_POINT}s?\b", "50 basis points"),
        (
            rf"\bthree[- ]quarters of a {_POINT}\b|\b0\.75 {_POINT}s?\b",
            "75 basis points",
        ),
        (r"\bhalf a million\b", "500,000"),
        (r"\bhalf a billion\b", "500 million"),
        (r"\b(?:a|one) fortnight\b", "14 days"),
        (r"\b(?:a|one) century\b", "100 years"),
        (r"\b(\d+)[- ](?=percent\b|per cent\b|days?\b|months?\b|years?\b)", r"\1 "),
    )
)


def _english(text: str) -> str:
    for pattern, plain in _EN_FIXED[:-1]:
        text = pattern.sub(plain, text)
    text = re.sub(
        rf"\b({_any(_EN_UNITS[1:10])}|\d)[- ]({_PLURAL})\b",
        lambda match: _share(match[1], match[2]),
        text,
        flags=re.IGNORECASE,
    )
    text = _EN_RUN.sub(_english_run, text)
    text = re.sub(r"\b(\d+) and a half\b", r"\1.5", text)
    return _EN_FIXED[-1][0].sub(_EN_FIXED[-1][1], text)


def _share(count: str, part: str) -> str:
    number = int(count) if count.isdigit() else _EN_SMALL[count.lower()]
    return f"{number * _SHARES[part.lower().removesuffix('s')]} percent"


def _english_run(match: re.Match[str]) -> str:
    words = [word for word in re.split(r"[- ]+", match[0].lower()) if word]
    groups = list(_english_groups(words))
    if match[0].lower() in {"one", "zero"} or words[0] in {*_EN_LARGE, "hundred"}:
        return match[0]
    return " ".join(groups)


def _english_groups(words: Sequence[str]) -> Iterator[str]:
    """Yield the numbers of a run: "twenty and thirty two" are two of them."""
    total = current = 0
    last = ""
    is_open = False
    for word in words:
        if word in {"a", "an"}:
            continue
        if word == "and":
            last = last if last in {"hundred", "thousand"} else "and"
            continue
        if word in _EN_LARGE:
            total, current = total + max(current, 1) * _EN_LARGE[word], 0
        elif word == "hundred":
            current = max(current, 1) * 100
        elif is_open and not _continues(last, word):
            yield f"{total + current:,}"
            yield from ("and",) if last == "and" else ()
            total, current = 0, _EN_SMALL[word]
        else:
            current += _EN_SMALL[word]
        last, is_open = word, True
    yield f"{total + current:,}"


def _continues(last: str, word: str) -> bool:
    if last in {"hundred", *_EN_LARGE}:
        return True
    return last in _EN_TENS and word in _EN_UNITS[1:10]


@lru_cache(maxsize=1)
def _italian_numbers() -> Mapping[str, int]:
    found = {word: value for value, word in enumerate(_IT_UNITS)}
    for ten, word in enumerate(_IT_TENS, start=2):
        found[word] = ten * 10
        for unit, name in enumerate(_IT_UNITS[1:10], start=1):
            stem = word[:-1] if name[0] in "aeiou" else word
            found[stem + name] = ten * 10 + unit
        found[f"{word}tré"] = ten * 10 + 3
        found[f"{word[:-1]}un"] = ten * 10 + 1
    small = dict(found)
    for hundred, name in enumerate(["", *_IT_UNITS[2:10]], start=1):
        found[f"{name}cento"] = hundred * 100
        found |= {
            f"{name}cento{word}": hundred * 100 + value
            for word, value in small.items()
            if value
        }
    found |= {f"{word}mila": value * 1_000 for word, value in list(found.items())}
    return found | {"mille": 1_000}


def _italian(text: str) -> str:
    numbers = _italian_numbers()
    text = re.sub(r"\bun anno e mezzo\b", "18 mesi", text, flags=re.IGNORECASE)
    text = re.sub(r"\bmezzo milione\b", "500.000", text, flags=re.IGNORECASE)
    text = re.sub(r"\bmillenovecento\b", "1900", text, flags=re.IGNORECASE)
    text = re.sub(
        rf"\b({_IT_COUNT}) ({_IT_PLURAL}|quarto|quinto|decimo)\b(?! (?:anno|grado))",
        lambda match: _italian_share(match[1].lower(), match[2].lower()),
        text,
        flags=re.IGNORECASE,
    )

    def turned(match: re.Match[str]) -> str:
        value = numbers.get(match[0].lower())
        return match[0] if value is None or value == 1 else _dotted(value)

    text = re.sub(r"(?<!\bper )\b[^\W\d_]+\b", turned, text)
    text = re.sub(r"\bun (?=milion|miliard)", "1 ", text)
    return re.sub(r"\b(\d+) virgola (\d+)\b", r"\1,\2", text)


def _italian_share(count: str, part: str) -> str:
    number = 1 if count == "un" else _italian_numbers()[count]
    return f"{number * _IT_SHARES[part[:-1]]} per cento"


_ID_WORDS = {word: value for value, word in enumerate(_ID_UNITS)}
_ID_WORD = rf"(?:{_any([*_ID_WORDS, *_ID_ONES, 'belas', 'puluh', 'ratus', 'ribu'])})"
_ID_RUN = re.compile(rf"\b{_ID_WORD}(?: {_ID_WORD})*\b", re.IGNORECASE)


def _indonesian(text: str) -> str:
    text = re.sub(r"\bsatu setengah tahun\b", "18 bulan", text, flags=re.IGNORECASE)
    text = re.sub(
        r"\b(se|satu |dua |tiga |empat )(perempat|perlima|persepuluh)\b",
        lambda match: _indonesian_share(match[1].lower(), match[2].lower()),
        text,
        flags=re.IGNORECASE,
    )
    text = _ID_RUN.sub(_indonesian_run, text)
    text = re.sub(r"\b(\d+) koma (\d+)\b", r"\1,\2", text)
    return re.sub(r"\b(\d+) setengah\b", r"\1,5", text)


def _indonesian_share(count: str, part: str) -> str:
    number = 1 if count == "se" else _ID_WORDS[count.strip()]
    return f"{number * _ID_SHARES[part]} persen"


def _indonesian_run(match: re.Match[str]) -> str:
    words = match[0].lower().split()
    if words in (["satu"], ["ribu"], ["belas"], ["puluh"], ["ratus"]):
        return match[0]
    total = current = unit = 0
    for word in words:
        if word == "ribu":
            total, current, unit = total + (current + unit) * 1_000, 0, 0
        elif word in {"puluh", "ratus"}:
            current, unit = current + unit * (10 if word == "puluh" else 100), 0
        elif word == "belas":
            current, unit = current + unit + 10, 0
        elif word in {"seratus", "seribu"}:
            current += _ID_ONES[word]
        else:
            if unit:
                return match[0]
            unit = _ID_WORDS.get(word, _ID_ONES.get(word, 0))
    return _dotted(total + current + unit)


def _dotted(value: int) -> str:
    return f"{value:,}".replace(",", ".")


_TURNS: Mapping[str, Callable[[str], str]] = {
    "en": _english,
    "it": _italian,
    "id": _indonesian,
}
