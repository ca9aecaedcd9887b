"""Whole: values that are only a part of the one asked for, or more than it.

Parts are told by arithmetic ("33 %: 20 % and 13 %"), by a row of totals, or in words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from subak.knowledge.facts.contrast import asks_for_side, sides_named
from subak.knowledge.facts.mention import Mention, Topic, phrase_spans
from subak.knowledge.facts.scope import alike, before, sentence_of
from subak.knowledge.text.numbers import Number
from subak.knowledge.text.reading import Reading, ReadUnit, nearest_heading
from subak.knowledge.text.words import Span

_MOST_PARTS = 6
_TOTAL = re.compile(
    r"\b(?:total\w*|tot\.|sums?|in\s+all|altogether|overall|together|combined|totale"
    r"|totali|somma|complessiv[oaie]\w*|in\s+tutto|insieme|jumlah\w*|total|seluruh\w*"
    r"|keseluruhan|gesamt|summe|insgesamt|suma|en\s+total|ensemble)\b",
    re.IGNORECASE,
)
_SPLITS = re.compile(
    r":|\((?=\s*\d)|\b(?:of\s+which|including|split|shared|divided|di\s+cui|suddivis|ripartit"
    r"|dibagi|di\s+antaranya|terdiri|davon|dont|de\s+los\s+cuales)|\bpoints\b",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"\b(?:additional(?!\s+rates?\b)|surcharges?|surtax|supplementary"
    r"|addizional[ei]|sovrimpost[ae]|sovrattass[ae]|maggiorazione"
    r"|contributo\s+di\s+solidarietà|solidarity|tambahan|zuschlag|recargo|surtaxe)\b",
    re.IGNORECASE,
)
_APART = re.compile(
    r"\b(?:not\s+(?:part\s+of|included\s+in|counted\s+in)"
    r"(?!\s+(?:\w+\s+){0,3}(?:income|profits?|earnings|total\s+income|tax\s+base)\b)|comes?\s+on\s+top"
    r"|not\s+an?\s+(?:\w+\s+){0,2}(?:contribution|tax|rate|levy|premium)"
    r"|non\s+(?:è|sono)\s+(?:un[ao]?\s+|un['’])?(?:contribut|impost|tass|aliquot)\w+"
    r"|bukan\s+(?:pajak|iuran|tarif)|merupakan\s+pungutan\s+lain"
    r"|non\s+(?:rientra|fa\s+parte|è\s+compres)(?!\w*\s+(?:\S+\s+){0,2}reddito)"
    r"|tidak\s+termasuk(?!\s+(?:\w+\s+){0,1}penghasilan))\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"\s*(?:of\s+(?:gross\s+)?(?:pay|wages?|salary)\s+)?(?:for|to|per|untuk|ke)\s+"
    r"(?:(?:the|il|la|lo|i|le|l['’])\s*)?(?!an?\b|each|every|setiap|gaji|upah|penghasilan|pay\b|wage|salar|earning|income"
    r"|reddit|retribuz|stipend|employ|worker|lavorator|dipendent|pekerja|umur|age\b)"
    r"[^\W\d_]{3,}",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"\b(?:outside\s+(?:of\s+)?(?:the\s+)?totals?|not\s+(?:part\s+of|included\s+in)"
    r"|fuori\s+dal\s+totale|non\s+compres[ioae]|di\s+luar\s+jumlah|tidak\s+termasuk)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"\b(?:between|from|up\s+to|if|who|tra|fra|da|dal|fino|se|antara|dari|sampai|jika)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?:by\s+itself|on\s+its\s+own|l[ao]\s+sol[ao]|saja\s+sebesar)\b", re.IGNORECASE
)


def object_to_share(
    reading: Reading, topic: Topic, unit: ReadUnit, mention: Mention, place: Span
) -> str:
    """Return why a value is but a part of the whole, or the whole of parts, "" if not.

    A field that asks for one side's share takes the part the text gives that side.
    """
    if unit.unit.kind == "row":
        reason = _object_to_row(reading, topic, unit, mention, place)
        return reason or _object_to_sum(topic, unit, place)
    own = " ".join((*topic.field.phrases, topic.field.meaning))
    sentence = sentence_of(unit.text, place.start)
    stretch = before(unit, place)
    if _ADDED.search(stretch) and not _ADDED.search(own):
        return "the text adds it to another value"
    if _APART.search(unit.text, place.end, sentence.end):
        return "the text counts it apart"
    is_split = any(
        whole.start == place.start for whole, _ in _sums(unit, alike(unit, place))
    )
    if asks_for_side(topic) and not is_split and _is_for_one_purpose(unit, place):
        return "it is one of several parts that the text doesn't add up"
    if _ALONE.search(unit.text, sentence.start, sentence.end):
        return "the text says that it is one of several parts"
    return _object_to_sum(topic, unit, place)


def is_total(text: str) -> bool:
    """Tell whether words call a value the sum of others."""
    return bool(_TOTAL.search(text))


def _is_for_one_purpose(unit: ReadUnit, place: Span) -> bool:
    """Tell whether values beside each other are for different things.

    "Borne by the employee: 9.5 % for pensions and 1.7 % for health".
    """
    if not _PURPOSE.match(unit.text, place.end) or is_total(before(unit, place)):
        return False
    sentence = sentence_of(unit.text, place.start)
    near = [
        each
        for each in alike(unit, place)
        if sentence.start <= each.start < sentence.end
    ]
    at = [each.start for each in near].index(place.start)
    for each in (*near[max(at - 1, 0) : at], *near[at + 1 : at + 2]):
        between = unit.text[min(each.end, place.end) : max(each.start, place.start)]
        is_other = sides_named(between) or _CHOICE.search(between)
        if _PURPOSE.match(unit.text, each.end) and not is_other:
            return True
    return False


def _object_to_sum(topic: Topic, unit: ReadUnit, place: Span) -> str:
    column = unit.cell_of(place)
    beside = [
        each
        for each in alike(unit, place)
        if unit.cell_of(Span(each.start, each.end)) == column
    ]
    for whole, parts in _sums(unit, _near(beside, place)):
        shared = [sides_named(_about(unit, each)) for each in parts]
        by_side = all(len(each) == 1 for each in shared) and len(set(shared)) > 1
        if by_side and asks_for_side(topic) and whole.start == place.start:
            return "the text divides it between the two sides"
        is_part = any(each.start == place.start for each in parts)
        if is_part and not (by_side and asks_for_side(topic)):
            stated = unit.text[whole.start : whole.end]
            return f"the text says that it is a part of {stated}"
    return ""


def _near(numbers: list[Number], place: Span) -> list[Number]:
    at = sum(each.start < place.start for each in numbers)
    return numbers[max(at - _MOST_PARTS, 0) : at + _MOST_PARTS + 1]


def _sums(
    unit: ReadUnit, numbers: list[Number]
) -> Iterator[tuple[Number, list[Number]]]:
    """Yield each number that is the sum of those right behind it or right before it."""
    for index, whole in enumerate(numbers):
        for size in range(2, min(len(numbers), _MOST_PARTS)):
            after = numbers[index + 1 : index + 1 + size]
            ahead = numbers[max(index - size, 0) : index]
            for parts in (after, ahead):
                if len(parts) == size and _adds_up(whole, parts):
                    edge = sorted((whole, *parts), key=lambda each: each.start)
                    text = unit.text[
                        sentence_of(unit.text, edge[0].start).start : edge[-1].end
                    ]
                    if _SPLITS.search(text) or _TOTAL.search(text):
                        yield whole, parts


def _adds_up(whole: Number, parts: list[Number]) -> bool:
    total = sum(each.values[0] for each in parts)
    return math.isclose(total, whole.values[0], rel_tol=1e-6) and whole.values[0] > 0


def _about(unit: ReadUnit, number: Number) -> str:
    """Return the words beside a part: those before it, else those behind."""
    place = Span(number.start, number.end)
    stretch = before(unit, place)
    stretch = stretch.rpartition(":")[2]
    if sides_named(stretch):
        return stretch
    rest = unit.text[number.end :]
    return re.split(r"[,;.:)]", rest, maxsplit=1)[0]


def _object_to_row(
    reading: Reading, topic: Topic, unit: ReadUnit, mention: Mention, place: Span
) -> str:
    """Return why a row isn't the field's where its table has a row of totals."""
    label = _label(unit)
    caption = nearest_heading(unit.unit)
    if caption and _OUTSIDE.search(caption.text):
        return "the text counts it apart"
    if _ADDED.search(label):
        return "the text adds it to another value"
    is_named = bool(phrase_spans(topic, label)) and not mention.in_column
    if is_total(label) or is_named or unit.unit.header is None:
        return ""
    column = unit.cell_of(place)
    for other in reading.units:
        is_same = other.unit.header == unit.unit.header and other is not unit
        if is_same and other.unit.kind == "row" and is_total(_label(other)):
            spans = other.cells
            if column is not None and column < len(spans):
                total = other.text[spans[column].start : spans[column].end]
                return f"it is a part of the total, {total}"
    return ""


def _label(unit: ReadUnit) -> str:
    return unit.text[unit.label.start : unit.label.end]
