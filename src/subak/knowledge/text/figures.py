"""Figure: a number or date as it stands in a text, read by its form alone.

Compares what two texts say in numbers; finding values in documents is not its task.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from subak.knowledge.text.language import Language

_NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>(?<![\w)])[-−])?"
    r"(?P<digits>\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*)"
    r"(?![^\W\d_]|\d)"
)
_PERCENT = re.compile(r"\s*(?:%|percent\b|per cent\b|per cento\b|pct\b|persen\b)")
_MAGNITUDES = {
    "thousand": 3,
    "mila": 3,
    "ribu": 3,
    "million": 6,
    "millions": 6,
    "mln": 6,
    "milione": 6,
    "milioni": 6,
    "juta": 6,
    "billion": 9,
    "billions": 9,
    "bn": 9,
    "miliardo": 9,
    "miliardi": 9,
    "miliar": 9,
    "trillion": 12,
    "trillions": 12,
    "triliun": 12,
    "bilione": 12,
    "bilioni": 12,
}
_MEASURES = {
    word: measure
    for measure, words in {
        "year": "year years anno anni tahun yr yrs",
        "month": "month months mese mesi bulan",
        "week": "week weeks settimana settimane minggu",
        "day": "day days giorno giorni hari",
        "hour": "hour hours ora ore jam",
        "point": "point points punto punti poin",
        "kilometre": "km kilometre kilometres kilometer kilometers chilometri",
        "metre": "m metre metres meter meters metri",
        "person": "person persons people persone orang",
    }.items()
    for word in words.split()
}
_NEXT_WORD = re.compile(r"[\s-]*([^\W\d_]+)(?!\w)")
_MONTHS = {
    name: number
    for names in (
        "january february march april may june july august september october"
        " november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre"
        " novembre dicembre",
        "januari februari maret april mei juni juli agustus september oktober"
        " november desember",
    )
    for number, name in enumerate(names.split(), start=1)
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})\b",
        rf"\b(?P<d>\d{{1,2}})\.? (?P<m>{_MONTH})\.?,? (?P<y>\d{{4}})\b",
        rf"\b(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}}),? (?P<y>\d{{4}})\b",
    )
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number or date of a text.

    Args:
        form: The digits as written, for messages and for equal-by-form.
        values: What the form can mean: "1.500" is 1500 or 1.5, most forms one value;
            dates are the digits YYYYMMDD.
        kind: A year is a bare integer from 1000 to 2100.
        measure: What is counted where that is a known measure ("year"), else "".
        start: Offset of the first character.
        end: Offset after the last, percent sign and magnitude word included.
    """

    form: str
    values: frozenset[Decimal]
    kind: str
    measure: str
    start: int
    end: int

    def says(self, other: Figure) -> bool:
        """Tell whether this figure states no other value than ``other`` does.

        A form that can be read in two ways is only equal to the same form.
        """
        if self.kind != other.kind or self.measure != other.measure:
            return False
        if self.form == other.form:
            return self.values == other.values
        return len(self.values) == 1 and self.values <= other.values


def figures(text: str, language: Language) -> tuple[Figure, ...]:
    """Return every number, number word and date of a text, in order."""
    found = _dates(text)
    taken = [(figure.start, figure.end) for figure in found]
    for match in _NUMBER.finditer(text):
        if not _overlaps(match.start(), match.end(), taken):
            found.append(_number(text, match))
    taken = [(figure.start, figure.end) for figure in found]
    for figure in _words(text, language):
        if not _overlaps(figure.start, figure.end, taken):
            found.append(figure)
    return tuple(sorted(found, key=lambda figure: figure.start))


def readings(form: str) -> frozenset[Decimal]:
    """Return the values a written number can mean; more than one when ambiguous."""
    plain = re.sub(r"[ '’]", "", form)
    dots, commas = plain.count("."), plain.count(",")
    if not dots and not commas:
        return frozenset({Decimal(plain)})
    if dots and commas:
        decimal = "." if plain.rfind(".") > plain.rfind(",") else ","
        if plain.count(decimal) > 1:
            return frozenset()
        return frozenset({_decimal(plain, decimal)})
    mark = "." if dots else ","
    head, *groups = plain.split(mark)
    grouped = 1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)
    if len(groups) > 1:
        return frozenset({_whole(plain)}) if grouped else frozenset()
    if grouped and not head.startswith("0") and plain == form:
        return frozenset({_whole(plain), _decimal(plain, mark)})
    return frozenset({_decimal(plain, mark)})


def _decimal(plain: str, mark: str) -> Decimal:
    other = "," if mark == "." else "."
    return Decimal(plain.replace(other, "").replace(mark, "."))


def _whole(plain: str) -> Decimal:
    return Decimal(plain.replace(".", "").replace(",", ""))


def _number(text: str, match: re.Match[str]) -> Figure:
    form = (("-" if match["sign"] else "") + match["digits"]).replace("’", "'")
    values = readings(match["digits"])
    if match["sign"]:
        values = frozenset(-value for value in values)
    if percent := _PERCENT.match(text, match.end()):
        return Figure(form, values, "percent", "", match.start(), percent.end())
    end, power = _magnitude(text, match.end())
    values = frozenset(value.scaleb(power) for value in values)
    measure = _measure(text, end)
    is_year = (
        not power
        and not measure
        and re.fullmatch(r"1\d{3}|20\d{2}|2100", form) is not None
    )
    kind = "year" if is_year else "number"
    return Figure(f"{form}e{power}", values, kind, measure, match.start(), end)


def _magnitude(text: str, end: int) -> tuple[int, int]:
    word = _NEXT_WORD.match(text, end)
    power = _MAGNITUDES.get(word[1].lower(), 0) if word else 0
    return (word.end(), power) if word and power else (end, 0)


def _measure(text: str, end: int) -> str:
    word = _NEXT_WORD.match(text, end)
    return _MEASURES.get(word[1].lower(), "") if word else ""


def _words(text: str, language: Language) -> list[Figure]:
    found = []
    for match in re.finditer(r"[^\W\d_]+", text):
        value = language.numbers.get(match[0].lower())
        if value is not None:
            if percent := _PERCENT.match(text, match.end()):
                values = frozenset({Decimal(value)})
                span = match.start(), percent.end()
                found.append(Figure(str(value), values, "percent", "", *span))
                continue
            end, power = _magnitude(text, match.end())
            values = frozenset({Decimal(value).scaleb(power)})
            measure = _measure(text, end)
            form = f"{value}e{power}"
            found.append(Figure(form, values, "number", measure, match.start(), end))
    return found


def _dates(text: str) -> list[Figure]:
    found: list[Figure] = []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = match["m"]
            number = int(month) if month.isdigit() else _MONTHS[month.lower()]
            form = f"{match['y']}{number:02}{int(match['d']):02}"
            values = frozenset({Decimal(form)})
            taken = [(figure.start, figure.end) for figure in found]
            if not _overlaps(match.start(), match.end(), taken):
                found.append(
                    Figure(form, values, "date", "", match.start(), match.end())
                )
    return found


def _overlaps(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return any(
        start < other_end and other_start < end for other_start, other_end in taken
    )
