"""Base: percentages of something else, or of several taxes at once.

"0.5 % of turnover" is no tax on profits, "half of the gain" no rate, "26 % together
with state tax" nobody's own rate, an effective rate not the one in the law.
"""

from __future__ import annotations

import re

from subak.knowledge.facts.contrast import asks_for_side
from subak.knowledge.facts.extreme import asks_for_highest, says_highest
from subak.knowledge.facts.mention import Topic
from subak.knowledge.facts.scope import before, behind, sentence_of
from subak.knowledge.text.reading import ReadUnit
from subak.knowledge.text.words import Span, stem

_OF = (
    r"\s*(?:of|on|dari|atas|sul(?:l['’]|l[ao]|la|lo)?|su|del(?:l['’]|l[ao]|la|lo)?|dei|di)"
    r"\s*(?:(?:the|its|their|a|total|gross|annual|yearly|monthly|net|assessed|whole|loro"
    r"|propri[oi])\s+){0,3}"
)
# What a rate of tax on income, profit or gains isn't a part of.
_OTHER_BASE = re.compile(
    rf"{_OF}(?P<base>turnover|revenues?|receipts|sales?(?=\s+(?:price|value|proceeds))"
    r"|selling\s+price|transaction(?:s|\s+value)?|transfer\s+price|assets|rents?"
    r"|fatturato|ricavi|compensi|prezzo\s+di\s+vendita|patrimonio|canon[ei]|incassi"
    r"|omzet|omset|peredaran\s+bruto|nilai\s+(?:jual|transaksi)|harga\s+jual|sewa"
    r"|umsatz\w*|ventas|chiffre\s+d['’]affaires)\b",
    re.IGNORECASE,
)
_OWN_BASE = re.compile(
    r"\b(?:profits?|incomes?|gains?|earnings|pay|wages?|salar\w+|corporat\w+|compan\w+"
    r"|util[ei]|reddit\w+|plusvalenz\w+|guadagn\w+|retribuzion\w+|società"
    r"|laba|penghasilan|keuntungan|gaji|upah)\b",
    re.IGNORECASE,
)
# "Companies pay 10 % on dividends": another tax than the one on their profits.
_OTHER_INCOME = re.compile(
    r"\s*(?:on|atas|sui|sugli|sulle)\s+(?:(?:the|their|such|foreign)\s+){0,2}"
    r"(?P<base>dividends?|interest|royalties|capital\s+gains?|gains?\s+(?:on|from)"
    r"|dividendi|interessi|plusvalenze|dividen|bunga|royalti"
    r"|keuntungan\s+(?:dari|modal|atas))\b",
    re.IGNORECASE,
)
# A share of the amount that is then taxed.
_INCLUDED = re.compile(
    r"\b(?:include[sd]?|inclusion|taxable\s+(?:share|part|portion)|count(?:s|ed)?\s+as"
    r"|added\s+to\s+(?:other\s+)?income|discount|relief|deduct\w*|exempt(?:ion|ed)?"
    r"|rebate|credit|abatement|concorr\w+|imponibile\s+per|entra(?:no)?\s+(?:\w+\s+){0,2}"
    r"per|esent[ei]|esenzione|detrazion[ei]|deduzion[ei]|sconto|riduzione|abbattimento"
    r"|dikecualikan|dibebaskan|pengurangan|potongan|diskon)\b",
    re.IGNORECASE,
)
_OF_AMOUNT = re.compile(
    r"\s*(?:of|del(?:l['’]|la|lo)?|dell[ao]|dei|delle|dari|della)\s*"
    r"(?:(?:an?|the|its|their|net|capital|such)\s+){0,3}"
    r"(?:gains?|profits?|income|guadagn[oi]|plusvalenz[ae]|redditi?|keuntungan\w*"
    r"|penghasilan\w*|laba)\b",
    re.IGNORECASE,
)
_INTO_INCOME = re.compile(
    r"\s+(?:into|in|to|is|are|nel|ke)\s+(?:\w+\s+){0,2}"
    r"(?:income|included|taxable|counted|added|reddito|penghasilan)\b",
    re.IGNORECASE,
)
# "9 % on their first 500,000": a slice of the amount, no general rate.
_SLICE = re.compile(
    r"\s*(?:of|on|for|atas|untuk|su[il]?|sugli|per)\s+"
    r"(?:(?:the|their|its|your|an?|i|gli|le|de[il])\s+|[^\W\d_]+\s+(?:of|di)\s+)*"
    r"(?:(?:first|initial|primi?|prime)\s+[^\d\s.;]{0,4}\s?\d"
    r"|[^\d\s.;]{0,4}\s?[\d.,]*\d\s+pertama"
    r"|(?:\w+\s+){1,3}(?:up\s+to|below|under|not\s+(?:exceeding|over|above)"
    r"|of\s+less\s+than|fino\s+a|inferior[ei]\s+a|sampai(?:\s+dengan)?|hingga"
    r"|di\s+bawah)\s+[^\d\s.;]{0,4}\s?\d[\d.,]{3,})"
    r"|\s*(?:up\s+to|fino\s+a|sampai(?:\s+dengan)?|hingga)\s+[^\d\s.;]{0,4}\s?"
    r"\d[\d.,]{4,}",
    re.IGNORECASE,
)
_SLICE_BEFORE = re.compile(
    r"\b(?:up\s+to|below|under|not\s+(?:exceeding|over|above)|(?:less|fewer)\s+than"
    r"|fino\s+a|inferior[ei]\s+a|meno\s+di|sampai(?:\s+dengan)?|hingga|di\s+bawah"
    r"|kurang\s+dari)\s+[^\d\s.;]{0,4}\s?\d[\d.,]{3,}[^.;%\d]{0,30}$",
    re.IGNORECASE,
)
_PENALTY = re.compile(
    r"\b(?:penalt(?:y|ies)|fines?|late[- ]payment|penal[ei]|mult[ae]|sanzion[ei]|denda"
    r"|bußgeld|multas?|amende)\b",
    re.IGNORECASE,
)
_BLENDED = re.compile(
    r"\b(?:effective(?:ly)?|blended|average|weighted|(?:tax\s+)?burden|all-in"
    r"|combined\s+(?:\w+\s+){0,3}(?:rate|burden|tax)|aliquota\s+(?:\w+\s+)?"
    r"(?:effettiv|medi)\w+|(?:carico|pressione)\s+(?:\w+\s+)?(?:effettiv|medi|complessiv"
    r"|fiscal)\w*|beban\s+(?:nyata|efektif)"
    r"|tarif\s+efektif|rata-rata|effektiv\w*|durchschnitt\w*|efectiv\w*)\b",
    re.IGNORECASE,
)
_NO_HIGHER = re.compile(
    r"\b(?:cannot|not|no)\s+(?:be\s+)?higher\s+than\s*$", re.IGNORECASE
)
_WITH_OTHERS = re.compile(
    r"\b(?:together\s+with|combined\s+with|including|inclusive\s+of|counting|adding"
    r"|added\s+to|adding\s+up|menjumlahkan|plus|along\s+with|insieme\s+(?:a|con)|compres[aoei]|considerando|sommando"
    r"|termasuk|ditambah|bersama|einschließlich|incluyendo|y\s+compris)\s+"
    r"(?:\S+\s+){0,4}?(?:(?:state|local|regional|municipal|provincial|cantonal|communal"
    r"|county|city|trade)\s+(?:\w+\s+)?(?:tax(?:es)?|rates?|levies|surcharges?)"
    r"|(?:tre|three|due|two|both|all|ketiga|kedua)\s+(?:the\s+)?(?:livell|level|tier"
    r"|layer|tingkat)\w*|surcharges?|surtax(?:es)?|addizional[ei]|imposte?\s+(?:local|comunal|cantonal)[ei]"
    r"|pajak\s+(?:daerah|kota|provinsi|penduduk))\b",
    re.IGNORECASE,
)


def object_to_base(topic: Topic, unit: ReadUnit, place: Span) -> str:
    """Return why a percentage is none of what the field asks for, "" when it may be."""
    if topic.field.kind != "percent":
        return ""
    other = _OTHER_BASE.match(unit.text, place.end)
    other = other or _OTHER_INCOME.match(unit.text, place.end)
    if other and _has_base(topic) and not _asks_for(topic, other["base"]):
        return f"it is a share of '{' '.join(other['base'].split())}'"
    stretch = before(unit, place)
    if _PENALTY.search(stretch):
        return "the text calls it a penalty"
    amount = _OF_AMOUNT.match(unit.text, place.end)
    rest = unit.text[amount.end() :] if amount else ""
    if amount and (_INCLUDED.search(stretch) or _INTO_INCOME.match(rest)):
        return "it is the share that is counted, not a rate"
    if asks_for_side(topic):
        return ""
    is_slice = _SLICE.match(unit.text, place.end) or _SLICE_BEFORE.search(stretch)
    if is_slice and not asks_for_highest(topic):
        return "it holds for one range of amounts only"
    sentence = sentence_of(unit.text, place.start)
    head = unit.text[sentence.start : place.start]
    around = f"{stretch} {behind(unit, place).partition(';')[0]}"
    if _WITH_OTHERS.search(around) or _WITH_OTHERS.search(head):
        return "the text adds other taxes to it"
    is_top = asks_for_highest(topic) and (
        says_highest(stretch) or _NO_HIGHER.search(stretch)
    )
    if _BLENDED.search(stretch) and not (is_top or _asks_for_blend(topic)):
        return "the text calls it an effective or average one"
    return ""


def _has_base(topic: Topic) -> bool:
    """Tell whether a field says what its rate is a part of."""
    field = topic.field
    return bool(_OWN_BASE.search(" ".join((field.title, field.meaning, *field.words))))


def _asks_for(topic: Topic, base: str) -> bool:
    asked = {each for phrase in topic.phrases for each in phrase}
    asked |= {stem(word) for word in topic.field.meaning.split()}
    return any(stem(word) in asked for word in base.split())


def _asks_for_blend(topic: Topic) -> bool:
    asked = " ".join((topic.field.title, topic.field.meaning, *topic.field.words))
    return bool(_BLENDED.search(asked))
