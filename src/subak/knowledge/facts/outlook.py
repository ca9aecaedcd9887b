"""Outlook: values a text only plans, has left behind, or gives as a limit."""

from __future__ import annotations

import re

from subak.knowledge.facts.extreme import asks_for_highest
from subak.knowledge.facts.mention import Topic, clause_of
from subak.knowledge.facts.scope import alike, before, behind
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span, fold

_PLANNED = re.compile(
    r"\b(?:propos(?:ed|es|als?)|plans?\s+to|planned|intends?\s+to|would|might"
    r"|considering|under\s+discussion|draft\s+(?:law|bill|budget)"
    r"|will\s+(?:rise|increase|go\s+up|fall|drop|decrease"
    r"|be\s+(?:raised|increased|lowered|reduced|cut))"
    r"|propost[ao]|prevede\s+di|intende|sarebbe|potrebbe|salirà|aumenterà|scenderà"
    r"|sarà\s+(?:aumentat|ridott|portat)[ao]"
    r"|diusulkan|mengusulkan|usulan|berencana|direncanakan|rencana"
    r"|akan\s+(?:naik|turun|menjadi|dinaikkan|diturunkan)|consultation\s+on"
    r"|(?:until|hingga|sampai)\s+(?:it\s+|ia\s+)?(?:reaches|mencapai)"
    r"|sar(?:à|anno)|will\s+be|subir(?:à|anno)|annunciat[oa]|bills?\s+that"
    r"|dal\s+20\d\d[^.;]{0,30}(?:erà|eranno|irà|iranno)"
    r"|will\s+(?:reach|become|be\s+\d|apply|pay)|is\s+to\s+(?:rise|fall|start|be)"
    r"|(?:was|were|been)\s+(?:both\s+|also\s+)?(?:promised|pledged|demanded|suggested)"
    r"|promises|pledges|(?:has|have)\s+(?:suggested|recommended)|recommends|calls\s+for|wants\s+to|could\s+(?:rise|fall|become)"
    r"|(?:was|were|been|being|is|are)\s+(?:\w+ly\s+)?(?:examined|studied|considered"
    r"|discussed|debated|mooted|floated|explored|modelled|weighed|looked\s+(?:at|into))"
    r"|(?:is|are)\s+estimated\s+at|stimat[aoe]|diperkirakan"
    r"|looking\s+(?:at|into)|toys?\s+with|(?:green|white|discussion)\s+paper"
    r"|nothing\s+(?:has\s+)?c[ao]me\s+of\s+it|(?:è|sono|era)\s+stat[aeio]\s+(?:ipotizzat"
    r"|valutat|studiat|discuss)[aeio]|si\s+è\s+parlato|si\s+parla\s+di|ipotizz\w+"
    r"|allo\s+studio|studia\s+un|dikaji|mengkaji|dipertimbangkan|diwacanakan"
    r"|(?:is|are)\s+(?:discussing|debating)|has\s+(?:discussed|talked)|talked\s+about"
    r"|promess[oaie]|vorrebbe|discute|si\s+discute|dijanjikan|ingin\s+menaikkan"
    r"|(?:sedang\s+)?membahas)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:planned|proposed|expected|forecast|draft|previst[oaie]|propost[oaie]"
    r"|rencana|usulan|geplant|previsto|prévu)\b",
    re.IGNORECASE,
)
_DOWN_FROM = re.compile(
    r"\b(?:down|up|compared\s+(?:with|to)|from\s+the\s+former|against|instead\s+of"
    r"|rather\s+than|rispetto\s+al?|contro\s+il|anziché|naik|turun)"
    r"\s+(?:from|dal(?:l['’])?|dari)?\s*$",
    re.IGNORECASE,
)
_CHANGED_FROM = re.compile(
    r"(?:\b(?:rais|increas|cut\b|lower|reduc|went|gone|rose|risen|fell|fallen|chang"
    r"|doubl|tr[ei]pl|trebl|quadrupl|halv|slash|jump|climb|drop|raddopp|triplic|dimezz"
    r"|mov|aument|ridott|portat|passat|innalz|abbass|sces|salit|naik|turun|dinaik"
    r"|diturun|berubah)\w*)[^.;]{0,60}?\b(?:from|dal(?:l['’])?|da|dari)\s*$",
    re.IGNORECASE,
)
_CHANGED_TO = re.compile(
    r"[^.;\d]{0,24}?\b(?:to|al|all['’]|a|menjadi|ke)\s*\d", re.IGNORECASE
)
_FROM = re.compile(
    r"\b(?:from|between|ranges?\s+from|dal(?:l['’])?|tra|fra|compres[oaie]\s+tra"
    r"|tra\s+(?:il|l['’]|lo)|antara|dari|zwischen|entre)\s*(?:l['’]|il\s|lo\s)?\s*$",
    re.IGNORECASE,
)
_TO = re.compile(
    r"(?:\b(?:to|and|al(?:l['’]|lo)?|e|dan|sampai|hingga|und|y|et)\s*"
    r"(?:(?:il|lo)\s|l['’])?\s*)$",
    re.IGNORECASE,
)
_LATTER = re.compile(r"\s*(?:to|al|sampai|hingga)\s+\d", re.IGNORECASE)
_CHANGES = re.compile(
    r"\b(?:rais|increas|cut\b|lower|reduc|went|gone|rose|fell|chang|mov|aument|ridott"
    r"|doubl|tr[ei]pl|trebl|quadrupl|halv|slash|jump|climb|drop|raddopp|triplic|dimezz"
    r"|portat|passat|innalz|abbass|sces|salit|naik|turun|dinaik|diturun|berubah)",
    re.IGNORECASE,
)
# Rates that climb with the amount, not with the years.
_SCALED = re.compile(
    r"\b(?:progressive\w*|gradual\w*|smoothly|step\s+by\s+step"
    r"|(?:with|as)\s+(?:the\s+|your\s+)?(?:income|profit|pay|earnings)"
    r"|scaglion\w+|progressiv\w+|con\s+il\s+reddito|secondo\s+il\s+reddito"
    r"|progresif|bertahap|berjenjang|menurut\s+penghasilan|seiring)\b",
    re.IGNORECASE,
)
_CURVE = re.compile(r"\b(?:formula|linear\w*|rumus)\b", re.IGNORECASE)
_LIMIT = re.compile(
    r"\b(?:up\s+to|as\s+much\s+as|at\s+most|(?:a\s+)?maximum\s+(?:rate\s+)?of"
    r"|at\s+more\s+than|at\s+least|as\s+low\s+as|fino\s+a(?:l|d)?|al\s+massimo|almeno|hingga|sampai"
    r"|maksimal|paling\s+(?:tinggi|banyak)|minimal)\s*$",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\b(?:top|max\w*|highest|upper|ceiling|cap|marginal|min\w*|lowest|least|massim\w+"
    r"|tertinggi|terendah|maks\w*)\b",
    re.IGNORECASE,
)


# The old value before an arrow.
_ARROW = re.compile(r"\s*(?:→|->|=>|⇒|➔|➜)\s*\d")


_CHANGED_AGAIN = re.compile(
    r"[^.;%]{0,40}\b(?:and|then|before|e|dan|lalu|kemudian)\s+(?:was|were|has\s+been|è"
    r"\s+stat[ao])?\s*(?:later\s+|then\s+|poi\s+)?(?:brought\s+down|lowered|cut\b|raised"
    r"|reduced|increased|ridott[ao]|abbassat[ao]|aumentat[ao]|diturunkan|dinaikkan)\b",
    re.IGNORECASE,
)


def object_to_outlook(topic: Topic, unit: ReadUnit, place: Span) -> str:
    """Return why a value isn't a present and plain one, "" when it is."""
    clause = clause_of(unit.text, place.start)
    if _PLANNED.search(unit.text, clause.start, max(clause.end, place.end)):
        return "the text only plans it"
    if _PLANNED.search(before(unit, place)) or _TITLE.search(unit.column_title(place)):
        return "the text only plans it"
    head = unit.text[: place.start]
    is_left = _CHANGED_FROM.search(head) or _DOWN_FROM.search(head)
    if was_changed(unit, place) or is_left:
        return "the text says that it changed to another value"
    is_percent = topic.field.kind == "percent"
    if is_percent and _is_end(topic, unit, place):
        return "it is one end of a range"
    is_limit = is_percent and _LIMIT.search(unit.text[: place.start])
    if is_limit and not _LIMITS.search(fold(" ".join(topic.field.phrases))):
        return "the text gives it as a limit only"
    return ""


def _is_end(topic: Topic, unit: ReadUnit, place: Span) -> bool:
    """Tell whether the value is one end: "from 2 % in one place to 7 % in another"."""
    stretch, rest = before(unit, place), behind(unit, place)
    if _FROM.search(stretch) and (_TO.search(rest) or _LATTER.match(rest)):
        return True
    if not _TO.search(stretch):
        return False
    ends = [each for each in alike(unit, place) if each.end <= place.start]
    if not ends:
        return False
    first = Span(ends[-1].start, ends[-1].end)
    opening = before(unit, first)
    is_change = _CHANGES.search(opening) and not _is_scale(topic, opening)
    return bool(_FROM.search(opening)) and not is_change


def _is_scale(topic: Topic, opening: str) -> bool:
    """Tell whether a value climbs with the amount; the top of a scale may be asked."""
    if asks_for_highest(topic):
        return bool(_CURVE.search(opening))
    return bool(_SCALED.search(opening) or _CURVE.search(opening))


def was_changed(unit: ReadUnit, place: Span) -> bool:
    """Tell whether the value at a place is the old one of "raised from ... to ..."."""
    head, after = unit.text[: place.start], unit.text[place.end :]
    if _ARROW.match(after) or _CHANGED_AGAIN.match(after):
        return True
    return bool(_CHANGED_FROM.search(head) and _CHANGED_TO.match(after))


def follows_change(unit: ReadUnit, place: Span) -> bool:
    """Tell whether the value at a place is the new one of "raised from ... to ..."."""
    earlier = [each for each in unit.numbers if each.end <= place.start]
    if not earlier:
        return False
    return was_changed(unit, Span(earlier[-1].start, earlier[-1].end))
