"""Frame: the time a sentence speaks of, where it isn't the present.

Read from adverbs that open the sentence and from the last verb before a value.
"""

from __future__ import annotations

import re

from subak.knowledge.facts.scope import before, behind, sentence_of
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span

_YEAR = r"(?:1[5-9]|20)\d\d\b"
_OPENS_PAST = re.compile(
    r"^\W*(?:(?:but|and|ma|e|dan)\s+)?(?:until|till|before|prior\s+to|up\s+to|fino"
    r"|sino|prima\s+del|sebelum|sampai|hingga|bis|vor|hasta|antes\s+de|jusqu|avant)\b"
    rf"[^.;]{{0,45}}?\b{_YEAR}",
    re.IGNORECASE,
)
_OPENS_TIME = re.compile(
    rf"^\W*(?:in|nel|pada(?:\s+tahun)?|im\s+Jahr|en)\s+{_YEAR}|^\W*from\b[^.;]{{0,20}}"
    rf"{_YEAR}\s+(?:to|until)\b|^\W*dari\b[^.;]{{0,20}}{_YEAR}\s+sampai\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"\b(?:is|are|now|today|currently|stands?|applies|pays?|has|have|è|sono|oggi|ora"
    r"|adesso|attualmente|vale|sekarang|kini|saat\s+ini|ialah|adalah|ist|sind|heute"
    r"|derzeit|es|hoy|actualmente|est|sont|maintenant)\b",
    re.IGNORECASE,
)
_NOW = re.compile(
    r"\b(?:now|today|currently|at\s+present|oggi|ora|adesso|attualmente|sekarang|kini"
    r"|saat\s+ini|heute|derzeit|hoy|actualmente|aujourd)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had|stood|used\s+to|ended\s+at|era|erano|fu|furono|prevedeva"
    r"|applicava(?:no)?|valeva|masih|dulu|dahulu|war|waren|betrug|eran|était|étaient)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:was|were|had\s+been)\s+(?:\w+ly\s+)?(?:rais|increas|lift|cut|lower|reduc|set"
    r"|fix|doubl|halv|chang|brought|put)\w*\b[^.;]{0,40}\b(?:to|at)\s*$",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"\b(?:used\s+to|before:|formerly|previously|(?:the|an?)\s+(?:former|old|previous)"
    r"|(?:il|la|un|una)\s+(?:vecchi[ao]|precedente)|ex\b|in\s+precedenza|prima:|dulu"
    r"|precedentemente|sebelumnya|dahulu|früher|zuvor|bisher|anteriormente|auparavant)",
    re.IGNORECASE,
)
_FORMER_BEHIND = re.compile(
    r"[^\w(]*(?:before|earlier|previously|until\s+then|in\s+precedenza|prima|sebelumnya)"
    r"\s*(?:\Z|[,.;)])",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"\b(?:no\s+longer|not\s+(?:any\s?more|anymore)|(?:was|were|been)\s+(?:abolished"
    r"|withdrawn|repealed|dropped|scrapped|cancelled|put\s+off|rejected)|non\s+(?:è|si"
    r"\s+applica|vale)\s+più|è\s+stat[ao]\s+(?:abolit|ritirat|abrogat)[ao]|never\s+applied"
    r"|without\s+becoming\s+law|dibatalkan|dicabut|dihapus|tidak\s+(?:berlaku\s+)?lagi"
    r"|pernah\s+berlaku|nicht\s+mehr|abgeschafft|ya\s+no)\b",
    re.IGNORECASE,
)


def object_to_frame(unit: ReadUnit, place: Span) -> str:
    """Return why a value isn't one of the present, "" when it may be."""
    sentence = sentence_of(unit.text, place.start)
    head = unit.text[sentence.start : place.start]
    stretch = before(unit, place)
    if _FORMER.search(stretch) or _FORMER_BEHIND.match(unit.text, place.end):
        return "the text calls it a former value"
    if _ENDED.search(unit.text, sentence.start, sentence.end):
        return "the text says that it ended or never began"
    if _is_before_now(head):
        return "the text calls it a former value"
    return ""


def is_of_now(unit: ReadUnit, place: Span) -> bool:
    """Tell whether the words before a value say that it holds today."""
    return bool(_NOW.search(before(unit, place)) or _NOW.match(behind(unit, place)))


def _is_before_now(head: str) -> bool:
    frame = _OPENS_PAST.match(head)
    if frame and not _NOW.search(head, frame.end()):
        return True
    is_dated = _OPENS_TIME.match(head)
    past = list(_PAST.finditer(head))
    if not past:
        return False
    present = [each.end() for each in _PRESENT.finditer(head)]
    if present and present[-1] > past[-1].end():
        return False
    return bool(is_dated) or not _CHANGED.search(head)
