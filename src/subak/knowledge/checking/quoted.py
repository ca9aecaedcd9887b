"""Does every number of a sentence stand in one of its quotes?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

from subak.knowledge.text.figures import Figure, figures
from subak.knowledge.text.language import language_of
from subak.knowledge.text.numbers import read_numbers

_DIGITS = re.compile(r"\d+")
_WHOLE = re.compile(r"(?<![\d.,])\d+(?![.,]?\d)")


def unquoted_number(text: str, quotes: Iterable[str], names: Sequence[str]) -> str:
    """Return the first number of ``text`` that no quote holds; "" when all do.

    By value: "1,500", "1.500" and "1.5 thousand" are one number, 15 % is also 0.15.
    Units are not compared here, a table has them in its header. Digits inside names
    don't count, and number words count as words.
    """
    plain = _without(unicodedata.normalize("NFKC", text), names)
    quoted = [_values(unicodedata.normalize("NFKC", quote)) for quote in quotes]
    found = figures(plain, language_of(plain))
    for figure in found:
        written = plain[figure.start : figure.end]
        if _DIGITS.search(written) and not any(
            _holds(values, figure) for values in quoted
        ):
            return written
    read = [(figure.start, figure.end) for figure in found]
    for match in _DIGITS.finditer(plain):
        is_read = any(start <= match.start() < end for start, end in read)
        if not is_read and not any(Decimal(match[0]) in values for values in quoted):
            return match[0]
    return ""


def _holds(values: frozenset[Decimal], figure: Figure) -> bool:
    if figure.values & values:
        return True
    if figure.kind == "percent":
        return any(value / 100 in values for value in figure.values)
    if figure.kind == "date":
        year, month, day = figure.form[:4], figure.form[4:6], figure.form[6:]
        return {Decimal(year), Decimal(month), Decimal(day)} <= values
    return False


def _values(quote: str) -> frozenset[Decimal]:
    found: set[Decimal] = set()
    for figure in figures(quote, language_of(quote)):
        found |= figure.values
        if figure.kind == "date":
            found.add(Decimal(figure.form[:4]))
    for number in read_numbers(quote):
        found |= {Decimal(repr(value)) for value in number.values}
    found |= {Decimal(digits) for digits in _WHOLE.findall(quote)}
    return frozenset(found)


def _without(text: str, names: Sequence[str]) -> str:
    for name in sorted(names, key=len, reverse=True):
        if _DIGITS.search(name):
            text = text.replace(name, " ")
    return text
