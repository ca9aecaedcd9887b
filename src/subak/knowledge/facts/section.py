"""Section: the time of which headings, column titles and row labels say a value is.

"What the Bill would change", "Com'era", "Before | Now": what stands there isn't today's
unless its own sentence says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from subak.knowledge.facts.scope import sentence_of
from subak.knowledge.text.dates import read_years
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span

_PLANS = re.compile(
    r"\b(?:(?:bill|act|law|reform|government|draft|proposals?)\s+would|would\s+change"
    r"|propos\w+|planned|(?:government|reform|tax)(?:['’]s)?\s+plans?|drafts?"
    r"|(?:under|in)\s+discussion|(?:being|is|are)\s+(?:discussed|debated|considered)"
    r"|upcoming|to\s+come|coming\s+(?:soon|changes|years?)|outlook|looking\s+ahead"
    r"|(?:may|might|could)\s+(?:\w+\s+)?change|what\s+will\s+change|future|forthcoming"
    r"|next\s+year|promises?|expected|forecast|announced"
    r"|propost\w+|in\s+discussione|in\s+arrivo|prospettiv\w+|allo\s+studio"
    r"|disegn[oi]\s+di\s+legge|cosa\s+cambierà|annunciat[oaie]|futur[oaie]"
    r"|rencana|direncanakan|usul(?:an)?|diusulkan|rancangan|wacana|sedang\s+dibahas"
    r"|akan\s+(?:datang|berubah)|mendatang"
    r"|geplant\w*|entwurf|vorschl\w+|künftig\w*|propuest\w+|futuro|projets?|prévu\w*)\b|^[\W\d]*plans?\s+(?:for|to|of)\b",
    re.IGNORECASE,
)
_BYGONE = re.compile(
    r"\b(?:histor(?:y|ies|ical(?:ly)?)|former(?:ly)?|previous(?:ly)?|(?:the|in\s+the)\s+past"
    r"|(?:the\s+)?old\s+(?:rates?|rules?|laws?|system|figures?|tables?|days|regime)|old$"
    r"|(?:until|till|up\s+to|before|prior\s+to)\s+(?:\w+\s+){0,2}(?:1[5-9]|20)\d\d"
    r"|how\s+it\s+was|as\s+it\s+(?:was|used)|what\s+(?:was|used\s+to)|yesterday"
    r"|archive\w*|repealed|abolished|no\s+longer|superseded|outdated|withdrawn"
    r"|com['’]era|storia|storic[oaihe]+|in\s+passato|il\s+passato|ieri|un\s+tempo"
    r"|precedent[ei]|in\s+precedenza|vecchi[oaie]?|abrogat[oaie]|non\s+più"
    r"|(?:fino|sino)\s+al?\s+(?:\w+\s+){0,2}(?:1[5-9]|20)\d\d"
    r"|sejarah|riwayat|dahulu|dulu|lama|sebelum(?:nya)?|masa\s+lalu|dicabut"
    r"|tidak\s+berlaku\s+lagi|(?:sampai|hingga)\s+(?:\w+\s+){0,2}(?:1[5-9]|20)\d\d"
    r"|früher\w*|bisher\w*|geschichte|anterior\w*|antes|historia|antigu\w+"
    r"|ancien\w*|auparavant|histoire)\b|^\W*(?:before|was|prima|antes|avant|vorher)\W*$",
    re.IGNORECASE,
)
# What pupils work on, and what is told to be wrong.
_ASKED = re.compile(
    r"^[\W\d]*(?:exercises?|quiz|homework|myths?(?:\s+and\s+\w+)?"
    r"|common\s+(?:errors|mistakes|myths|misconceptions)|eserciz[io]+|compit[oi]"
    r"|errori\s+(?:comuni|frequenti)|falsi\s+miti|soal(?:-soal)?|latihan"
    r"|contoh\s+soal|mitos|kesalahan\s+umum|aufgaben|ejercicios)"
    r"(?:\s+(?:for|per|untuk)\s+.{1,40}|\s+\d+)?\W*$",
    re.IGNORECASE,
)
_TODAY = re.compile(
    r"\b(?:now|today['’]?s?|current(?:ly)?|present(?:ly)?|at\s+present|in\s+force"
    r"|in\s+effect|stays?|remains?|unchanged|still|continues?\s+to|applicable"
    r"|oggi|ora|adesso|attual\w+|in\s+vigore|vigent[ei]|resta(?:no)?|rimane|rimangono"
    r"|invariat[oaie]|sekarang|kini|saat\s+ini|tetap|(?<!tidak\s)berlaku(?!\s+lagi)"
    r"|heute|derzeit|aktuell\w*|gilt|hoy|actual\w*|vigente|aujourd|actuel\w*)\b",
    re.IGNORECASE,
)
# A row's own time that is over: "2009 – June 2020", "until 2017".
_ENDED = re.compile(
    r"(?:1[5-9]|20)\d\d\s*(?:[-–—]|to|until|al?|s\.d\.|sampai|hingga)\s*(?:[^\W\d_]+\s+)?"
    r"(?:1[5-9]|20)\d\d\b"
    r"|\b(?:until|till|up\s+to|fino\s+al?|sampai|hingga)\s+(?:\w+\s+){0,2}"
    r"(?:1[5-9]|20)\d\d\b",
    re.IGNORECASE,
)
_NOT_TODAY = re.compile(
    r"\b(?:no\s+longer|not(?:\s+yet|\s+any\s?more)?|non\s+(?:più|ancora)|tidak|belum"
    r"|nicht\s+mehr|noch\s+nicht|ya\s+no)\s+(?:in\s+force|in\s+effect|applicable"
    r"|current|in\s+vigore|vigent[ei]|berlaku|gültig)\b",
    re.IGNORECASE,
)
_TITLE_LEVEL = 1


def object_to_section(unit: ReadUnit, place: Span) -> str:
    """Return why what stands above or beside a value takes it out of the present."""
    if _has_column_of_now(unit, place):
        return "another column of the table says what is in force"
    for title in _titles(unit, place):
        if reason := _reason(title):
            return reason
    if _says_today(unit, place):
        return ""
    for heading in unit.unit.headings:
        if heading.level == _TITLE_LEVEL or heading.text in unit.text:
            continue
        # Where rows have years of their own, these tell more than "history" does.
        is_dated = unit.unit.kind == "row" and bool(unit.years or unit.dates)
        is_open = is_dated and not _ENDED.search(unit.text, place.end)
        if not is_open and (reason := _reason(heading.text)):
            return reason
    return ""


def _has_column_of_now(unit: ReadUnit, place: Span) -> bool:
    """Tell whether a column of years stands beside one that is called today's."""
    title = unit.column_title(place)
    if not title or _TODAY.search(title) or not read_years(title):
        return False
    return any(_TODAY.search(each) and not _PLANS.search(each) for each in unit.columns)


def _reason(title: str) -> str:
    if _ASKED.search(title):
        return f"it stands under '{' '.join(title.split())}': the text only asks"
    if _NOT_TODAY.search(title):
        return f"it stands under '{' '.join(title.split())}': not in force"
    if _TODAY.search(title):
        return ""
    if _PLANS.search(title):
        return f"it stands under '{' '.join(title.split())}': the text only plans it"
    if _BYGONE.search(title):
        return f"it stands under '{' '.join(title.split())}': a former value"
    return ""


def _titles(unit: ReadUnit, place: Span) -> Iterator[str]:
    """Yield a row's own titles: its column's and its label."""
    if unit.unit.kind != "row":
        return
    title = unit.column_title(place)
    yield title
    label = unit.label
    if label.end <= place.start:
        yield unit.text[label.start : label.end]


def _says_today(unit: ReadUnit, place: Span) -> bool:
    sentence = sentence_of(unit.text, place.start)
    return bool(_TODAY.search(unit.text, sentence.start, sentence.end))
