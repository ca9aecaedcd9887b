"""Bounds: what an amount says about where a bracket begins or ends.

Reads the words beside an amount ("up to", "oltre", "di atas"); knows no field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from subak.knowledge.text.numbers import Number

BoundRole = Literal["lower", "upper", "first", "next", ""]

_END = r"(?:\s+(?:the|of|an?|i|gli|le|il|la|lo|di|sebesar|euro|income of))*[\s(:~]*$"
_UPPER = re.compile(
    r"(?:\bup\s+to(?:\s+and\s+including)?|\bnot\s+(?:exceeding|more\s+than|over|above)"
    r"|\bno\s+more\s+than|\b(?:does|do)\s+not\s+exceed|\buntil|\btill|\bunder|\bbelow"
    r"|\b(?:less|lower)\s+than|\bat\s+most|\bmaximum(?:\s+of)?|\bto"
    r"|\b(?:fino|sino)\s+(?:ad?|ai|agli|al)|\bentro|\binferior[ei]\s+ad?"
    r"|\bnon\s+(?:superior[ei]\s+ad?|oltre)|\bmeno\s+di|\bad?|\bai|\bal"
    r"|\bsampai(?:\s+dengan)?|\bhingga|\bs\s*[./]\s*d\.?|\bmaksimal|\bpaling\s+banyak"
    r"|\bdi\s+bawah|\bkurang\s+dari|\btidak\s+(?:lebih\s+dari|melebihi)"
    r"|<=?|≤)" + _END,
    re.IGNORECASE,
)
_LOWER = re.compile(
    r"(?:\bover|\babove|\bexceed(?:ing|s)|\bin\s+excess\s+of|\bbeyond|\bfrom"
    r"|\b(?:more|greater|higher)\s+than|\b(?:starting|beginning)\s+(?:at|from)"
    r"|\bbetween|\boltre|\bsuperior[ei]\s+ad?|\bal\s+di\s+sopra\s+d(?:i|ei)"
    r"|\becced(?:e|ono|ent[ei])|\bpiù\s+di|\bda|\bdai|\bdal|\btra|\bfra"
    r"|\bdi\s+atas|\blebih\s+dari|\bmelebihi|\bmulai(?:\s+dari)?|\bdari|\bantara"
    r"|>=?|≥)" + _END,
    re.IGNORECASE,
)
_FIRST = re.compile(r"\b(?:first|initial|primi?|prime)\s*$", re.IGNORECASE)
_NEXT = re.compile(
    r"\b(?:next|following|further|additional|successiv[ie]|seguenti|ulteriori)\s*$",
    re.IGNORECASE,
)
_AFTER: tuple[tuple[BoundRole, re.Pattern[str]], ...] = (
    (
        "lower",
        re.compile(
            r"\s*(?:\+|(?:and|or)\s+(?:above|over|more|higher)|upwards|e\s+oltre"
            r"|(?:o|e)\s+più|in\s+su|ke\s+atas|(?:atau|dan)\s+lebih)",
            re.IGNORECASE,
        ),
    ),
    (
        "upper",
        re.compile(
            r"\s*(?:(?:and|or)\s+(?:below|under|less|lower)|o\s+meno|ke\s+bawah"
            r"|atau\s+kurang)",
            re.IGNORECASE,
        ),
    ),
    ("first", re.compile(r"\s*pertama\b", re.IGNORECASE)),
    ("next", re.compile(r"\s*(?:berikutnya|selanjutnya)\b", re.IGNORECASE)),
)
_JOIN = re.compile(
    r"\s*(?:[-–—]|to|ad?|al|ai|and|e|dan|sampai(?:\s+dengan)?|hingga|s\s*[./]\s*d\.?)"
    r"\s*$",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:above|over|beyond|remainder|remaining|rest|balance|excess|thereafter"
    r"|no\s+(?:upper\s+)?limit|unlimited|oltre|ecceden(?:za|t[ei])|restante|rimanente|supera"
    r"|al\s+di\s+sopra|everything\s+else|anything\s+(?:more|higher|else)"
    r"|di\s+atas(?:nya|\s+(?:itu|jumlah|angka|batas|ambang)\b)|lebih\s+dari\s+itu"
    r"|sisanya|selebihnya|seterusnya|tidak\s+terbatas)\b|∞",
    re.IGNORECASE,
)
_LOWER_TITLE = re.compile(
    r"^\W*?(?:(?:from|over|above|more\s+than|lower|minimum|at\s+least|da|oltre|dari"
    r"|di\s+atas|mulai|batas\s+bawah|limite\s+inferiore)\b|>)",
    re.IGNORECASE,
)
_UPPER_TITLE = re.compile(
    r"^\W*?(?:(?:to|up\s+to|until|upper|maximum|not\s+over|fino|a|sampai|hingga"
    r"|batas\s+atas|limite\s+superiore)\b|≤|<)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Bound:
    """An amount and which end of a bracket it is.

    Args:
        number: The amount.
        role: "first" and "next" give a width ("the next 50,000"); "" when nothing
            beside it tells.
    """

    number: Number
    role: BoundRole


def read_bound(before: str, number: Number, after: str, last: Bound | None) -> Bound:
    """Read the role of an amount from the words beside it.

    Args:
        before: The text between the previous number, or cell edge, and it.
        number: The amount.
        after: The text behind it, as far as the next number.
        last: The bound before it in the same bracket, None for the first.
    """
    if last and last.role in ("lower", "") and _JOIN.match(before):
        return Bound(number, "upper")
    if _FIRST.search(before):
        return Bound(number, "first")
    if _NEXT.search(before):
        return Bound(number, "next")
    for role, pattern in _AFTER:
        if pattern.match(after):
            return Bound(number, role)
    if _UPPER.search(before):
        return Bound(number, "upper")
    if _LOWER.search(before) or _JOIN.fullmatch(after):
        return Bound(number, "lower")
    return Bound(number, "")


def role_of_title(title: str) -> BoundRole:
    """Return which end a table's column holds, by its title."""
    if _LOWER_TITLE.match(title):
        return "lower"
    return "upper" if _UPPER_TITLE.match(title) else ""


def says_open(text: str) -> bool:
    """Tell whether words without an amount leave the upper end open."""
    return bool(_OPEN.search(text))
