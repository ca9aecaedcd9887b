"""Place: whose value it is, where a text also gives those of other places.

A name holds for what follows it in its sentence until another one is named.
"""

from __future__ import annotations

import re

from subak.knowledge.facts.nation import nations_in, nations_of_titles
from subak.knowledge.facts.region import region_at_start
from subak.knowledge.facts.scope import before, behind, sentence_of
from subak.knowledge.text.reading import Reading, ReadUnit
from subak.knowledge.text.words import Span, fold

# Marks and small words before what a sentence begins with.
_LEAD = re.compile(
    r"^[\W_]*(?:(?:in|the|but|and|while|nel|nella|in|di|la|il)\s+)?", re.IGNORECASE
)
_COMPARED = re.compile(
    r"\b(?:than|as|like|unlike|che|rispetto|come|daripada|dibanding\w*|seperti|als|wie"
    r"|que)\b",
    re.IGNORECASE,
)
_NAME = r"(?P<name>[A-ZÀ-Þ][\w'’-]+(?:\s+(?:of\s+)?[A-ZÀ-Þ][\w'’-]+)*)"
_IN = r"(?:in|on|a|ad|alle|agli|ai|nel|nella|nelle|negli|nei|di|pada)"
_OPENS = re.compile(rf"^\W*(?i:{_IN})\s+(?:(?i:the|la|le|il|lo|gli|i)\s+)?{_NAME}")
_BEHIND = re.compile(
    rf"^\W{{0,2}}(?i:in|for|per|di|nel|nella|nei)\s+(?:(?i:the|la)\s+)?{_NAME}"
)
_IN_COUNTRY = re.compile(rf"\b(?i:in|for|di|per)\s+(?:(?i:the|la|il)\s+)?{_NAME}")
_LATER = re.compile(rf"(?:^|[,;]\s|\b(?i:and|while|e|mentre|dan)\s)\W*(?i:{_IN})\s+"
    rf"(?:(?i:the|la|le|il|lo|gli|i)\s+)?{_NAME}[^,;]*$")  # fmt: skip
# "Scotland has six bands of its own".
_OWN_RULES = re.compile(
    rf"\W*(?:(?i:the|la|le|il|lo|gli|i|l['’])\s*)?{_NAME}\s+(?:(?i:has|have|sets?|keeps?"
    r"|appl(?:y|ies)|charges?|ha|hanno|applica\w*|fissa\w*|prevede|memiliki|mempunyai"
    r"|menerapkan))\s+(?:\w+\s+){0,5}?(?i:own|propri[oaie]?|sendiri|tersendiri)\b"
)
_THERE = re.compile(
    r"^\W*(?:there,|(?!there\b)(?:[\w-]+\s+){1,4}there\s+(?:is|stands|amounts|runs)\b|over\s+there|in\s+that\s+country|là,?|lì,?|in\s+quel\s+paese"
    r"|di\s+sana|di\s+negara\s+itu|dort|allí|là-bas)",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:neighbou?r\w*|elsewhere|compar\w+|abroad|across\s+the\s+border|other"
    r"\s+countries|confront[oi]\w*|paragone|vicini|all['’]estero|altri\s+paesi"
    r"|tetangga|p(?:er|em)banding\w*|negara\s+lain|nachbar\w*|vergleich|vecinos|voisins)\b",
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
    if not country:
        return ""
    if unit.unit.kind == "row":
        return other_column(unit, place, country) or _region_of_row(unit, country)
    sentence = sentence_of(unit.text, place.start)
    head = unit.text[sentence.start : place.start]
    if region := _region_of_text(unit, head, country):
        return region
    named = nations_in(head)
    if named:
        return "" if named[-1].name == country else named[-1].name
    if _is_elsewhere(unit):
        return "another country"
    if _THERE.match(head) and not _is_at_home(reading, unit, country):
        return "the place named before"
    stretch = behind(unit, place)
    named_places = (
        _OWN_RULES.match(unit.text, sentence.start, sentence.end),
        _OPENS.match(head),
        _LATER.search(before(unit, place)),
        _BEHIND.match(stretch),
    )
    for found in named_places:
        if found and (name := _place_name(found["name"], country, reading)):
            return name
    return _country_behind(stretch, country)


def other_column(unit: ReadUnit, place: Span, country: str) -> str:
    """Return the other country above a cell, "" where none or the own one stands."""
    column = unit.cell_of(place)
    if not country or column is None:
        return ""
    named = nations_of_titles(unit.columns)
    above = named[column] if column < len(named) else frozenset()
    if country in above:
        return ""
    # Of a comparison that has a column of its own, no other is the document's.
    is_compared = any(country in each for each in named) and sum(map(bool, named)) > 1
    if is_compared and unit.cells[column] != unit.label and column < len(named):
        return min(above) if above else unit.columns[column]
    return min(above) if above else ""


def _region_of_row(unit: ReadUnit, country: str) -> str:
    label = unit.label
    return region_at_start(_LEAD.sub("", unit.text[label.start : label.end]), country)


def _region_of_text(unit: ReadUnit, head: str, country: str) -> str:
    """Return the region a sentence, or the list item around it, is about."""
    texts = [head] if unit.unit.kind == "sentence" else [head, unit.text]
    named = (region_at_start(_LEAD.sub("", each), country) for each in texts)
    return next((each for each in named if each), "")


def _country_behind(stretch: str, country: str) -> str:
    """Return the other country right behind a value: "7 %, which is VAT in Norway"."""
    if _COMPARED.search(stretch):
        return ""
    named = {each["name"] for each in _IN_COUNTRY.finditer(stretch)}
    found = {each.name for name in named for each in nations_in(name)}
    return min(found) if found and country not in found else ""


def _place_name(name: str, country: str, reading: Reading) -> str:
    first = fold(name.split()[0])
    if first in _NO_PLACES or name.isupper() or len(name) < 3:
        return ""
    named = {each.name for each in nations_in(name)}
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
    named = {place.name for each in before_it for place in nations_in(each.text)}
    return not named or named == {country}
