"""Several: fields that have no single value, by the text's word or by what it lists.

"That makes it impossible to give one rate", "non si può indicare una sola aliquota".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from subak.knowledge.facts.contrast import asks_for_side
from subak.knowledge.facts.mention import Mention, Nearness, Topic, phrase_spans
from subak.knowledge.facts.scope import alike, before
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


_COUNT = (
    r"(?:two|three|four|five|several|various|different|many|due|tre|quattro|cinque|più"
    r"|diverse|varie|dua|tiga|empat|beberapa|berbagai|zwei|drei|mehrere|dos|tres|deux)"
)
_COUNTED = re.compile(rf"\b{_COUNT}(?:\s+[\w-]+){{0,2}}\s*$", re.IGNORECASE)
_COUNTED_BEHIND = re.compile(
    r"[\w\s()-]{0,24}?\b(?:(?:there\s+)?are|come\s+in|sono|ada|terdiri\s+(?:dari|atas))"
    rf"\s+{_COUNT}\b",
    re.IGNORECASE,
)
# "Are there reduced rates? Yes, two."
_YES_SEVERAL = re.compile(
    rf"^\W*(?:(?:a|answer|r|risposta|j|jawab(?:an)?)\s*[:.)]\s*)?(?:yes|sì|ya)\W+{_COUNT}\b",
    re.IGNORECASE,
)
_COORDINATED = re.compile(
    r"\s+(?:and|e|ed|dan)\s+(?:(?:the|il|lo|al|del)\s+|(?:l|all|dell)['’])?",
    re.IGNORECASE,
)
_NOTES = re.compile(
    r"\W*(?:notes?|remarks?|comments?|details?|explanations?|keterangan|catatan"
    r"|annotazion[ei]|osservazion[ei]|spiegazion[ei]|dettagli[o]?|anmerkung\w*)\W*$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"\b(?:first|second|third|1st|2nd|3rd|prim[ao]|second[ao]|terz[ao])\s+$",
    re.IGNORECASE,
)
_MAIN = re.compile(
    r"\b(?:main|chief|principal|most\s+common|usual|standard|general|ordinary|basic"
    r"|principal[ei]|general[ei]|ordinari[ao]|normale|più\s+comune|utama|umum|standar"
    r"|only|single|sol[ao]|unic[ao]|hanya|satu-satunya)\b",
    re.IGNORECASE,
)


def is_one_of_counted(
    topic: Topic, mention: Mention, unit: ReadUnit, place: Span
) -> bool:
    """Tell whether the text counts several such values and calls this one not the main.

    "There are two reduced rates: 12 % ... and 5 % ...", "second reduced rate".
    """
    if asks_for_side(topic) or _MAIN.search(before(unit, place)):
        return False
    if _is_coordinated(unit, place):
        return True
    if any(_ORDINAL.search(unit.text[: each.start]) for each in mention.spans):
        return True
    titles = [each.text for each, _ in unit.leads]
    titles += [each.text for each in unit.unit.headings[-1:]]
    if any(_YES_SEVERAL.match(each) for each in (unit.text, *titles)):
        return mention.nearness <= Nearness.HEADING
    return any(
        _COUNTED.search(text[: span.start]) or _COUNTED_BEHIND.match(text, span.end)
        for text in (unit.text, *titles[:1], *titles[-1:])
        for span in phrase_spans(topic, text)
    )


def _is_coordinated(unit: ReadUnit, place: Span) -> bool:
    """Tell whether nothing but "and the" stands between a value and the next one."""
    near = alike(unit, place)
    at = [each.start for each in near].index(place.start)
    pairs = [(near[at - 1].end, place.start)] if at else []
    pairs += [(place.end, each.start) for each in near[at + 1 : at + 2]]
    return any(
        right - left > 0 and _COORDINATED.fullmatch(unit.text, left, right)
        for left, right in pairs
    )


def is_note(unit: ReadUnit, place: Span) -> bool:
    """Tell whether a value stands in a table's column of remarks."""
    column = unit.cell_of(place)
    if column is None or not _NOTES.match(unit.column_title(place)):
        return False
    others = alike(unit, place)
    return any(unit.cell_of(Span(each.start, each.end)) != column for each in others)


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
