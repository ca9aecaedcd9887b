"""Numbers of a text, read by their form alone.

``1,234.5``, ``1.234,5``, ``1 234,5`` and ``1'234`` say themselves which mark is the
decimal one; ``1.234`` doesn't and keeps both readings until ``settle`` is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from subak.knowledge.text.spelled import read_spelled

_BLANK = "[ \u00a0\u2009\u202f]"
_ISO = (
    "AED AFN ALL AMD AOA ARS AUD AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN "
    "BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB "
    "EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR "
    "ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD "
    "MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR "
    "PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE "
    "SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU "
    "UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
_SIGNS = {
    "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD",
    "HK$": "HKD", "S$": "SGD", "R$": "BRL", "$": "$", "€": "EUR", "£": "£", "¥": "¥",
    "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₫": "VND", "฿": "THB",
    "R": "ZAR", "RM": "MYR", "KSh": "KES", "Ksh": "KES", "zł": "PLN", "₦": "NGN",
    "₱": "PHP", "₪": "ILS", "₴": "UAH", "Rp": "IDR", "Rp.": "IDR",
    "Rs": "Rs", "Rs.": "Rs",
}  # fmt: skip
_NAMES = {
    "us dollars": "USD", "us dollar": "USD", "dolar as": "USD", "dollars": "$",
    "dollar": "$", "dolar": "$", "dollari": "$", "euros": "EUR", "euro": "EUR",
    "rupiah": "IDR", "yen": "JPY", "yuan": "CNY", "baht": "THB", "ringgit": "MYR",
    "pounds sterling": "GBP", "reais": "BRL",
}  # fmt: skip
_MAGNITUDES = {
    "thousand": 3, "thousands": 3, "mila": 3, "ribu": 3,
    "million": 6, "millions": 6, "mln": 6, "mn": 6, "milione": 6, "milioni": 6,
    "juta": 6, "millionen": 6, "lakh": 5, "lakhs": 5, "crore": 7, "crores": 7,
    "billion": 9, "billions": 9, "bn": 9, "mld": 9, "mrd": 9, "miliardo": 9,
    "miliardi": 9, "miliar": 9, "milliarden": 9, "milliards": 9,
    "trillion": 12, "trillions": 12, "tn": 12, "triliun": 12, "trilioni": 12,
}  # fmt: skip
_SHORT_MAGNITUDES = {"k": 3, "m": 6, "b": 9}


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


_NUMBER = re.compile(
    rf"(?<![\w/.,])(?<!\d['’])(?<!\W['’])(?<!^['’])(?<![^\W\d_]-)"
    rf"(?P<sign>[-−–+])?"
    rf"(?:(?P<before>{_any(_SIGNS)}|{'|'.join(_ISO.split())}){_BLANK}?(?P<inner>[-−–])?)?"
    rf"(?P<digits>[1-9]\d{{0,2}}(?:{_BLANK}\d{{3}})+(?!\d)(?:[.,]\d+)?"
    rf"|\d+(?:[.,'’]\d+)*)(?!/\d)(?!\d*[°ºª]\s+[^\W\d_CF])"
)
_MAGNITUDE = re.compile(
    rf"(?:{_BLANK}|-)?({_any(_MAGNITUDES)})\b|([kmb])\b", re.IGNORECASE
)
_PERCENT = re.compile(
    rf"{_BLANK}*(?:[%％]|(?:percent|per{_BLANK}?cent|percento|per{_BLANK}?cento"
    rf"|por{_BLANK}?ciento|pour{_BLANK}?cent|prozent|persen|pct)\b)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"{_BLANK}?(?:di{_BLANK}|of{_BLANK})?"
    rf"(?:(?P<sign>{_any(sign for sign in _SIGNS if not sign[0].isalpha())})"
    rf"|(?P<code>{'|'.join(_ISO.split())})\b|(?P<name>(?i:{_any(_NAMES)}))\b)"
)
_CURRENCY = re.compile(rf"(?<!\w)({_any(_SIGNS)}|{'|'.join(_ISO.split())})(?!\w)")
_NOUN = re.compile(r"[\s-]*([^\W\d_]+)")
_JOIN = re.compile(
    r"\s*(?:(?P<range>[-–]|to|al|hingga|sampai)|and|or|o|e|dan|atau)\s*", re.IGNORECASE
)
# Longer runs of digits are identifiers.
_MOST_DIGITS = 30
_MOST_PERCENT = 100
_ORDINAL = frozenset({"st", "nd", "rd", "th"})
_GROUPED = re.compile(r"\d{1,3}(?:[.,' ]\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}")


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a text.

    Args:
        start: Offset of the first code point, sign and currency included.
        end: Offset after magnitude, percent sign and currency.
        values: Its value; two (decimal, thousands) where the form leaves it open.
        mark: The decimal mark its form proves, "" when it proves none.
        open_mark: The only separator of a number whose form is ambiguous, else "".
        percent: True when it is marked as a percentage.
        currency: ISO code, or a sign that several currencies share ("$"), or "".
        exponent: Power of ten a magnitude word contributed to ``values``.
        noun: The word that follows ("years"), "".
        spelled: True for a number written as a word.
        in_range: True for an end of a range ("3-5 years").
    """

    start: int
    end: int
    values: tuple[float, ...]
    mark: str = ""
    open_mark: str = ""
    percent: bool = False
    currency: str = ""
    exponent: int = 0
    noun: str = ""
    spelled: bool = False
    in_range: bool = False

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether the form leaves the value open."""
        return len(self.values) > 1


def read_numbers(text: str) -> tuple[Number, ...]:
    """Return every number of the text in order, ranges sharing their unit."""
    found = [number for match in _NUMBER.finditer(text) if (number := _read(match))]
    found += [_spelled(text, *each) for each in read_spelled(text)]
    found.sort(key=lambda number: number.start)
    return tuple(_share(text, found))


def decimal_mark(numbers: Iterable[Number], language: str) -> str:
    """Return the decimal mark a text uses, "" when it isn't sure.

    Numbers of unambiguous form decide when they agree; without any the language does.
    """
    marks = {number.mark for number in numbers if number.mark}
    if len(marks) == 1:
        return marks.pop()
    if marks:
        return ""
    return {"en": ".", "it": ",", "id": ",", "de": ",", "es": ","}.get(language, "")


def find_currency(text: str) -> str:
    """Return the one currency a text names, "" for none or several."""
    found = {_SIGNS.get(match[1], match[1]) for match in _CURRENCY.finditer(text)}
    return found.pop() if len(found) == 1 else ""


def settle(number: Number, mark: str) -> Number:
    """Return the number with one value, if the text's decimal mark is known."""
    if not number.is_ambiguous or not mark:
        return number
    decimal, thousands = number.values
    value = decimal if number.open_mark == mark else thousands
    return replace(number, values=(value,))


def _read(match: re.Match[str]) -> Number | None:
    text, end = match.string, match.end()
    form = _form(re.sub(_BLANK, " ", match["digits"]).replace("’", "'"))
    if form is None:
        return None
    values, mark, open_mark = form
    currency = _SIGNS.get(match["before"] or "", match["before"] or "")
    end, exponent = _magnitude(text, end, currency)
    if _has_tail(text, end):
        return None
    percent = _PERCENT.match(text, end)
    end = percent.end() if percent else end
    if not currency and not percent:
        currency, end = _currency_after(text, end)
    start, end, negative = _sign(match, end)
    factor = Decimal(10) ** exponent * (-1 if negative else 1)
    return Number(
        start,
        end,
        tuple(float(value * factor) for value in values),
        mark,
        open_mark,
        percent is not None,
        currency,
        exponent,
        _noun(text, end),
    )


def _spelled(text: str, start: int, end: int, value: int) -> Number:
    magnitude = _MAGNITUDE.match(text, end)
    exponent = _MAGNITUDES[magnitude[1].lower()] if magnitude and magnitude[1] else 0
    if magnitude and exponent:
        end = magnitude.end()
    percent = None if exponent else _PERCENT.match(text, end)
    end = percent.end() if percent else end
    return Number(
        start,
        end,
        (float(value * 10**exponent),),
        percent=percent is not None,
        exponent=exponent,
        noun=_noun(text, end),
        spelled=True,
    )


def _form(digits: str) -> tuple[tuple[Decimal, ...], str, str] | None:
    """Return values, proved decimal mark and open mark; None for no number."""
    if len(digits) > _MOST_DIGITS:
        return None
    whole, mark, part = _parts(digits)
    grouped = _GROUPED.fullmatch(whole)
    kinds = {char for char in whole if not char.isdigit()}
    if kinds and (not grouped or len(kinds) > 1 or mark in kinds):
        return None
    value = Decimal("".join(char for char in whole if char.isdigit()))
    if mark:
        decimal = value + Decimal(part).scaleb(-len(part))
        is_open = not kinds and len(part) == 3 and len(whole) <= 3 and whole[0] != "0"
        if is_open:
            return (decimal, value * 1000 + int(part)), "", mark
        return (decimal,), mark, ""
    proved = {".": ",", ",": "."}.get(kinds.pop() if kinds else "", "")
    return (value,), proved, ""


def _parts(digits: str) -> tuple[str, str, str]:
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0 or (digits.count(digits[last]) > 1):
        return digits, "", ""
    return digits[:last], digits[last], digits[last + 1 :]


def _magnitude(text: str, end: int, currency: str) -> tuple[int, int]:
    match = _MAGNITUDE.match(text, end)
    if match is None:
        return end, 0
    if match[1]:
        return match.end(), _MAGNITUDES[match[1].lower()]
    return (match.end(), _SHORT_MAGNITUDES[match[2].lower()]) if currency else (end, 0)


def _has_tail(text: str, end: int) -> bool:
    tail = re.compile(r"[^\W\d_]+").match(text, end)
    if tail is None:
        return False
    is_unit_word = _PERCENT.match(text, end) or _AFTER.match(text, end)
    return not is_unit_word and (len(tail.group()) == 1 or tail.group() in _ORDINAL)


def _currency_after(text: str, end: int) -> tuple[str, int]:
    match = _AFTER.match(text, end)
    if match is None:
        return "", end
    if match["sign"]:
        following = text[match.end() : match.end() + 1]
        return (
            ("", end) if following.isdigit() else (_SIGNS[match["sign"]], match.end())
        )
    return match["code"] or _NAMES[match["name"].lower()], match.end()


def _sign(match: re.Match[str], end: int) -> tuple[int, int, bool]:
    """A cell that is nothing but a number in parentheses is negative."""
    text, start = match.string, match.start()
    if match["sign"] or match["inner"]:
        is_range = match["sign"] and text[:start].rstrip()[-1:].isdigit()
        negative = "+" not in (match["sign"] or "") and not is_range
        return start, end, bool(negative)
    if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        before, after = text[: start - 1].rstrip(), text[end + 1 :].lstrip()
        if before[-1:] in ("", "|") and after[:1] in ("", "|"):
            return start - 1, end + 1, True
    return start, end, False


def _noun(text: str, end: int) -> str:
    match = _NOUN.match(text, end)
    return match[1].lower() if match else ""


def _share(text: str, found: list[Number]) -> list[Number]:
    """Give the unit after "15-20 %" or "10 and 20 %" to both numbers."""
    shared = list(found)
    for index in range(len(shared) - 2, -1, -1):
        left, right = shared[index], shared[index + 1]
        join = _JOIN.fullmatch(text[left.end : right.start])
        bare = not (left.percent or left.currency or left.exponent or left.spelled)
        # "Up to 125,140 and 45 % above": an amount is no percentage.
        is_amount = right.percent and max(left.values) > _MOST_PERCENT
        if join is None or not bare or (is_amount and right.values[0] <= _MOST_PERCENT):
            continue
        is_range = join["range"] is not None
        is_money = right.currency and text[right.start].isdigit()
        shared[index] = replace(
            left,
            percent=right.percent,
            currency=right.currency if is_money else "",
            noun=right.noun,
            in_range=is_range,
        )
        shared[index + 1] = replace(right, in_range=right.in_range or is_range)
    return shared
