"""is_held: does a quoted span hold the value that is published with it?

Written apart from the evidence search, whose work it checks: every reading a written
number can have counts, so it never finds fault with a number because of its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from types import MappingProxyType

from subak.evaluation.reading import Asserted
from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.text.numbers import read_numbers

# A word behind no number: "income in million dong", "(EUR thousands)".
_TITLE = re.compile(r"(?<![\w])(?<!\d\s)[^\W\d_]{2,}")
_NUMBER = re.compile(r"\d(?:[.,'’\u00a0\u202f ]?\d)*")
_SPACES = re.compile(r"['’\s]")
_AFTER = re.compile(r"\s*(\w+)")
_SUM = "sum of "
_SMALLEST_BOUND = 100.0
_DIGITS = 6
_MAGNITUDES: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(("thousand", "mila", "ribu", "k"), 1e3)
    | dict.fromkeys(("million", "millions", "milioni", "milione", "juta", "m"), 1e6)
    | dict.fromkeys(("billion", "miliardi", "miliardo", "miliar", "bn"), 1e9)
    | dict.fromkeys(("trillion", "triliun"), 1e12)
)


_TITLES: Mapping[str, float] = MappingProxyType(
    {word: scale for word, scale in _MAGNITUDES.items() if len(word) > 1}
    | dict.fromkeys(("thousands", "migliaia", "ribuan"), 1e3)
    | dict.fromkeys(("mln", "mio", "mn", "jutaan"), 1e6)
    | dict.fromkeys(("billions", "miliaran"), 1e9)
)


def is_held(asserted: Asserted, text: str) -> bool:
    """Tell whether the spans are of this text and hold the value.

    Args:
        text: Of the document.
    """
    spans = asserted.evidence
    if not spans or any(text[one.start : one.end] != one.quote for one in spans):
        return False
    quotes = [one.quote for one in spans]
    if isinstance(asserted.value, tuple):
        is_summed = any(one.repair for one in spans)
        return _holds_ranges(asserted.value, quotes, is_summed=is_summed)
    repair = spans[0].repair
    if repair.startswith(_SUM) and isinstance(asserted.value, int | float):
        return _holds_sum(asserted.value, repair, quotes)
    return _holds(asserted.value, quotes)


def _holds_sum(value: float, repair: str, quotes: Iterable[str]) -> bool:
    """Tell whether the quotes hold each part, and the parts add up to the value."""
    parts = [float(part) for part in repair.removeprefix(_SUM).split(" + ")]
    held = _counted(quotes)
    is_held = all(round(part, _DIGITS) in held for part in parts)
    return is_held and round(sum(parts), _DIGITS) == round(float(value), _DIGITS)


def _holds(value: FieldValue, quotes: Iterable[str]) -> bool:
    if isinstance(value, bool):
        return True
    if isinstance(value, str):
        wanted = _folded(value)
        return any(wanted in _folded(quote) for quote in quotes) or _is_date(value)
    assert isinstance(value, int | float)
    return round(float(value), _DIGITS) in _counted(quotes)


def _holds_ranges(value: FieldValue, quotes: list[str], *, is_summed: bool) -> bool:
    assert isinstance(value, tuple)
    held = _counted(quotes)
    if is_summed:
        steps = [max(_readings(quote), default=0.0) for quote in quotes]
        held |= set(accumulate(step for step in steps if step > _SMALLEST_BOUND))
    bounds = {bound for one in value for bound in (one.lower, one.upper) if bound}
    # A bound may be told from the other side: "from 18,201" after "to 18,200".
    near = {round(number + step, _DIGITS) for number in held for step in (-1, 0, 1)}
    return all(round(bound, _DIGITS) in near for bound in bounds) and all(
        round(one.value, _DIGITS) in held for one in value
    )


def _counted(quotes: Iterable[str]) -> set[float]:
    """Return every number, also as a title counts it that is quoted with them."""
    quoted = list(quotes)
    held = numbers_in(quoted)
    words = {each[0].casefold() for quote in quoted for each in _TITLE.finditer(quote)}
    scales = {_TITLES[word] for word in words if word in _TITLES}
    return held | {round(each * scale, _DIGITS) for each in held for scale in scales}


def numbers_in(quotes: Iterable[str]) -> set[float]:
    """Return every number that the texts can be read to hold."""
    return {round(each, _DIGITS) for quote in quotes for each in _readings(quote)}


def _readings(quote: str) -> Iterator[float]:
    for match in _NUMBER.finditer(quote):
        after = _AFTER.match(quote, match.end())
        scale = _MAGNITUDES.get(after[1].casefold(), 1.0) if after else 1.0
        for value in _forms(match[0]):
            yield value
            yield value * scale
    for number in read_numbers(quote):
        if number.spelled:
            yield from number.values


def _forms(written: str) -> Iterator[float]:
    """Yield a number without its separators, and with the last one as decimal mark.

    Digits apart by a space may be one number, or several that stand side by side.
    """
    parts = _SPACES.split(written)
    ends = range(1, len(parts) + 1)
    for digits in {"".join(parts[i:end]) for end in ends for i in range(end)}:
        plain = re.sub(r"[.,]", "", digits)
        if plain:
            yield float(plain)
        cut = max(digits.rfind("."), digits.rfind(","))
        whole, rest = re.sub(r"[.,]", "", digits[:cut]), digits[cut + 1 :]
        if cut > 0 and rest:
            yield float(f"{whole}.{rest}")


def _is_date(value: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) is not None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
