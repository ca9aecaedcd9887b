"""Several: fields that have no single value, by the text's word or by what it lists.

"That makes it impossible to give one rate", "non si può indicare una sola aliquota".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from subak.knowledge.facts.mention import Topic, phrase_spans
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span

_WHAT = r"(?:rates?|percentages?|figures?|values?|numbers?|amounts?)"
_COSA = r"(?:aliquot[ae]|percentual[ei]|valor[ei]|cifr[ae]|tass[oi])"
_UNA_SOLA = r"(?:un['’]\s*unic[ao]|un[ao]?\s+(?:sol[ao]|unic[ao])|unic[ao])"
_APA = r"(?:persentase|tarif|angka|nilai)"
_ONE = r"(?:one|a\s+single|single|any)"
_JOINTS = re.compile(r"(?:[\W_]|\b(?:and|or|e|ed|o|dan|atau|und|oder|y|et)\b)*")
_NO_SINGLE = re.compile(
    r"\b(?:no|not\s+(?:just\s+|only\s+)?(?:one|a)|not\s+any)\s+(?:one\s+)?single\b"
    rf"|\bno\s+(?:one|uniform)\s+(?:\w+\s+){{0,4}}{_WHAT}\b"
    r"|\b(?:is|are)(?:n['’]t|\s+not)\s+(?:just|only)\s+one\b"
    r"|\bnot\s+one\s+(?:\w+\s+){0,3}but\b"
    r"|\bimpossible\s+to\s+(?:give|name|state|quote|express)\s+(?:\w+\s+){0,3}"
    rf"(?:one|single|{_WHAT})\b"
    r"|\b(?:cannot|can['’]t|can\s+not|could\s+not)\s+(?:\w+\s+){0,3}"
    rf"(?:as|in|with|by|give|name|state|quote)\s+{_ONE}\s+(?:\w+\s+){{0,3}}{_WHAT}\b"
    rf"|\bnon\s+(?:\S+\s+){{0,4}}{_UNA_SOLA}\s+(?:\w+\s+){{0,2}}{_COSA}\b"
    rf"|\btidak\s+(?:\w+\s+){{0,4}}satu\s+(?:\w+\s+)?{_APA}\b"
    rf"|\btidak\s+ada\s+(?:satu\s+)?{_APA}\s+tunggal\b",
    re.IGNORECASE,
)


def find_several(topics: Iterable[Topic], units: Iterable[ReadUnit]) -> frozenset[str]:
    """Return the names of the fields of which a unit says so, naming them itself."""
    saying = [unit for unit in units if _NO_SINGLE.search(unit.text)]
    return frozenset(
        topic.field.name
        for topic in topics
        for unit in saying
        if phrase_spans(topic, unit.text)
    )


def is_among_others(unit: ReadUnit, place: Span) -> bool:
    """Tell whether a table cell holds nothing but several values: "5 %, 19 %"."""
    column = unit.cell_of(place)
    if column is None:
        return False
    cell = unit.cells[column]
    inside = [
        each
        for each in unit.numbers
        if cell.start <= each.start and each.end <= cell.end
    ]
    rest = unit.text[cell.start : cell.end]
    for each in inside:
        rest = rest.replace(unit.text[each.start : each.end], " ")
    return len(inside) > 1 and _JOINTS.fullmatch(rest) is not None
