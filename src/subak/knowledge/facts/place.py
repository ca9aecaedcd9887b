"""Place: whose value it is, where a text also gives those of other places.

A name holds for what follows it in its sentence until another one is named.
"""

from __future__ import annotations

import re

from subak.knowledge.facts.identity import NamedCountry, named_countries
from subak.knowledge.facts.scope import before, behind, sentence_of
from subak.knowledge.text.reading import Reading, ReadUnit
from subak.knowledge.text.words import Span, fold

_NAME = r"(?P<name>[A-ZÀ-Þ][\w'’-]+(?:\s+(?:of\s+)?[A-ZÀ-Þ][\w'’-]+)*)"
_IN = r"(?:in|on|a|ad|alle|agli|ai|nel|nella|nelle|negli|nei|di|pada)"
_OPENS = re.compile(rf"^\W*(?i:{_IN})\s+(?:(?i:the|la|le|il|lo|gli|i)\s+)?{_NAME}")
_BEHIND = re.compile(rf"^\W{{0,2}}(?i:in|for|per|di)\s+(?:(?i:the|la)\s+)?{_NAME}")
_LATER = re.compile(rf"(?:^|[,;]\s|\b(?i:and|while|e|mentre|dan)\s)\W*(?i:{_IN})\s+"
    rf"(?:(?i:the|la|le|il|lo|gli|i)\s+)?{_NAME}[^,;]*$")  # fmt: skip
_THERE = re.compile(
    r"^\W*(?:there,|over\s+there|in\s+that\s+country|là,?|lì,?|in\s+quel\s+paese"
    r"|di\s+sana|di\s+negara\s+itu|dort|allí|là-bas)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:neighbou?r\w*|elsewhere|compar\w+|abroad|across\s+the\s+border|other"
    r"\s+countries|confront[oi]\w*|paragone|vicini|all['’]estero|altri\s+paesi"
    r"|tetangga|perbandingan|negara\s+lain|nachbar\w*|vergleich|vecinos|voisins)\b",
    re.IGNORECASE,
)
# What begins with a capital and is no place.
_NO_PLACES_TEXT = (
    "january february march april may june july august september october november "
    "december spring autumn gennaio febbraio marzo aprile maggio giugno luglio agosto "
    "settembre ottobre novembre dicembre januari februari maret mei juni juli agustus "
    "oktober desember undang parliament class table total class this that these our "
    "general addition all practice case return it its an there some most many"
)
_NO_PLACES = frozenset(_NO_PLACES_TEXT.split())


def other_place(reading: Reading, unit: ReadUnit, place: Span, country: str) -> str:
    """Return the other place whose value a text gives, "" for the document's own."""
    if not country or unit.unit.kind == "row":
        return ""
    sentence = sentence_of(unit.text, place.start)
    head = unit.text[sentence.start : place.start]
    named = list(named_countries(head))
    if named:
        return "" if named[-1].name == country else _beyond(head, named[-1])
    if _is_elsewhere(unit):
        return "another country"
    if _THERE.match(head) and not _is_at_home(reading, unit, country):
        return "the place named before"
    for found in (_OPENS.match(head), _LATER.search(before(unit, place))):
        if found and (name := _place_name(found["name"], country, reading)):
            return name
    found = _BEHIND.match(behind(unit, place))
    return _place_name(found["name"], country, reading) if found else ""


def _beyond(head: str, last: NamedCountry) -> str:
    """A money's name is no place: "US dollars"."""
    after = fold(head[last.end : last.end + 10]).lstrip()
    return "" if after.startswith(("dollar", "dolar", "dollari")) else last.name


def _place_name(name: str, country: str, reading: Reading) -> str:
    first = fold(name.split()[0])
    if first in _NO_PLACES or name.isupper() or len(name) < 3:
        return ""
    named = {each.name for each in named_countries(name)}
    own = {fold(word) for word in (country, reading.document.entity)}
    if country in named or fold(name) in own:
        return ""
    return name


def _is_elsewhere(unit: ReadUnit) -> bool:
    """Tell whether a heading below the title says that others are spoken of."""
    return any(
        _ELSEWHERE.search(heading.text)
        for heading in unit.unit.headings
        if heading.level > 1 and heading.text != unit.text
    )


def _is_at_home(reading: Reading, unit: ReadUnit, country: str) -> bool:
    """Tell whether the unit before names no other place: what "there" stands for."""
    before_it = [each for each in reading.units if each.order < unit.order][-1:]
    named = {place.name for each in before_it for place in named_countries(each.text)}
    return not named or named == {country}
