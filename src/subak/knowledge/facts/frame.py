"""Frame: the time a sentence speaks of, where it isn't the present.

Read from adverbs that open the sentence and from the last verb before a value.
"""

from __future__ import annotations

import re

from subak.knowledge.facts.scope import before, behind, own_part, sentence_of
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
    r"\b(?:is|are|now|today|currently|stands?|stays?|remains?|resta|rimane|tetap|applies|pays?|has|have|è|sono|oggi|ora"
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
    r"\b(?:was|were|had|stood|used\s+to|ended\s+at|began|started|iniziò|cominciò|era|erano|fu|furono|prevedeva"
    r"|applicava(?:no)?|valeva|masih|dulu|dahulu|war|waren|betrug|eran|était|étaient)\b",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:was|were|had\s+been)\s+(?:\w+ly\s+)?(?:rais|increas|lift|cut|lower|reduc|set"
    r"|fix|doubl|tr[ei]pl|trebl|quadrupl|halv|chang|brought|put)\w*\b[^.;]{0,40}\b(?:to|at)\s*$",
    re.IGNORECASE,
)
_FORMER = re.compile(
    r"\b(?:used\s+to|before:|formerly|previously|(?:the|an?)\s+(?:former|old|previous|earlier)"
    r"|(?:may|will|still)\s+remember|remembers?|ricord(?:a|ano|erà|eranno)|mengingat"
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
    r"\b(?:no\s+longer|not\s+(?:any\s?more|anymore)|(?:was|were|been|are|is)\s+(?:abolished"
    r"|withdrawn|repealed|dropped|scrapped|cancelled|put\s+off|rejected)|non\s+(?:è|si"
    r"\s+applica|vale)\s+più|(?:è|sono)\s+stat[aeio]\s+(?:abolit|ritirat|abrogat|soppress)"
    r"[aeio]|never\s+applied|without\s+becoming\s+law|dibatalkan|dicabut|dihapus"
    r"|(?:sudah|telah)\s+berakhir|tidak\s+(?:berlaku\s+)?lagi|pernah\s+berlaku"
    r"|(?:cancelled|withdrew|scrapped|dropped|rejected|repealed|abolished)\s+(?:it|them)"
    r"|never\s+(?:took|came|came\s+into)\s+(?:effect|force)|nicht\s+mehr|abgeschafft"
    r"|ya\s+no)\b|\((?:repealed|abolished|abrogat[oaie]|dicabut)\)",
    re.IGNORECASE,
)
# What somebody says, and who tells of it doesn't say himself.
_HEARSAY = re.compile(
    r"\b(?:rumou?r(?:s|ed)?|hoax(?:es)?|myth|untrue|(?:is|are)\s+(?:wrong|false|not\s+true)"
    r"|(?:may|might|will)\s+(?:\w+\s+){0,2}have\s+(?:read|heard|seen)"
    r"|(?:older|old|outdated|some)\s+(?:web\s?sites?|web\s?pages?|leaflets?|guides?|books?"
    r"|articles?|texts?|price\s+lists?|contracts?)\s+(?:\w+\s+)?"
    r"(?:show|say|state|quote|mention|cite|give)s?"
    r"|(?:wrongly|mistakenly|erroneously)|please\s+forget|mistaken"
    r"|(?:do\s+not|don['’]t|never)\s+(?:use|copy|trust)|last\s+year['’]s\s+\w+"
    r"|non\s+(?:usate|usare|copiate)|jangan\s+(?:pakai|gunakan|memakai)"
    r"|(?:argue|claim|insist|maintain|believe|think|swear|assert|suppose|assume|imagine)"
    r"(?:s|d|ed|ing)?\s+that|is\s+said\s+to|no\s+bearing\s+on|told\s+me|heard\s+that"
    r"|sostien[ei]|sostengono|crede\s+che|afferma\s+che|secondo\s+alcuni|si\s+dice"
    r"|mengklaim|mengira|konon|katanya"
    r"|bohong|hoaks|kabar\s+(?:burung|bahwa)|tidak\s+benar|jangan\s+dicatat"
    r"|(?:pernah|sering)\s+(?:mendengar|membaca)|salah\s+kaprah"
    r"|si\s+(?:legge|sente)\s+(?:spesso|ancora|dire)|non\s+è\s+vero|è\s+falso|bufal[ae]"
    r"|erroneamente|per\s+errore|falsch|gerücht\w*|rumor(?:es|i))\b",
    re.IGNORECASE,
)
# "20 %, which was the figure up to 2024".
_WAS_BEHIND = re.compile(
    r"[\s,(–—]{0,4}(?:which|that|che|yang)\s+(?:(?:was|were|had\s+been|era|erano|fu"
    r"|ended|dulu)\b(?!\s+(?:\w+\s+)?[\d€$£])(?!\s+(?:\w+ly\s+)?(?:rais|increas|cut\b|lower|reduc|introduc|set\b"
    r"|fix|confirm|brought|stat[oa]))|applied\s+(?:until|before)|valeva|si\s+applicava)",
    re.IGNORECASE,
)
# "Lowered to 21 % for six months in 2020".
_FOR_A_TIME = re.compile(
    r"\W*\s*(?:for|per|selama|during)\s+(?:\w+\s+){1,3}"
    rf"(?:months?|years?|mesi|anni|bulan|tahun)\s+(?:in|of|from|nel|dal|pada)\s+{_YEAR}",
    re.IGNORECASE,
)
_STRIKE = "~~"


def object_to_frame(unit: ReadUnit, place: Span) -> str:
    """Return why a value isn't one of the present, "" when it may be."""
    sentence = sentence_of(unit.text, place.start)
    head = unit.text[sentence.start : place.start]
    stretch = before(unit, place)
    if _FORMER.search(stretch) or _is_left_behind(unit, place):
        return "the text calls it a former value"
    part = own_part(unit, place)
    if _ENDED.search(unit.text, part.start, part.end):
        return "the text says that it ended or never began"
    if _HEARSAY.search(unit.text, sentence.start, sentence.end):
        return "the text only tells what others say"
    if unit.text.count(_STRIKE, 0, place.start) % 2:
        return "the text strikes it out"
    if _is_asked(unit, sentence, place):
        return "the text only asks"
    if _is_before_now(head):
        return "the text calls it a former value"
    return ""


def is_of_now(unit: ReadUnit, place: Span) -> bool:
    """Tell whether the words before a value say that it holds today."""
    return bool(_NOW.search(before(unit, place)) or _NOW.match(behind(unit, place)))


def _is_left_behind(unit: ReadUnit, place: Span) -> bool:
    """Tell whether the words right behind a value call it a former one."""
    after = _FORMER_BEHIND.match(unit.text, place.end)
    ended = _WAS_BEHIND.match(unit.text, place.end)
    return bool(after or ended or _FOR_A_TIME.match(unit.text, place.end))


def _is_asked(unit: ReadUnit, sentence: Span, place: Span) -> bool:
    """Tell whether a value stands in a question, or in one that the item answers."""
    said = unit.text[sentence.start : sentence.end + 1].rstrip(' *_"”»)')
    if said.endswith("?"):
        return True
    asked = unit.text.find("?", place.end)
    return unit.unit.kind == "item" and 0 <= asked < len(unit.text.rstrip(" *_")) - 1


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
