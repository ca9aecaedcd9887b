"""decode_text: bytes of a page become text, in the charset that fits them.

Runs in workers.
"""

from __future__ import annotations

import codecs
import re

from subak.errors import UnusableContent
from subak.sources.guess_charset import guess_charset

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,30})""",
    re.IGNORECASE,
)
_META_BYTES = 4_096
_SAMPLE_CHARS = 20_000
_GARBAGE_SHARE = 0.02
_SOUND = 20  # times more characters that fit than bytes that don't
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_CONTROLS = bytes((*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F))
# Python also knows codecs that are no charsets of pages ("utf-7", "unicode-escape").
_PAGE_CODEC = re.compile(
    r"utf-(?:8|16|32)|iso8859|cp\d|koi8|mac|gb|big5|euc|shift|iso2022|tis|ascii|hz|johab"
)
# Servers send these by default, and any bytes fit them: strict UTF-8 goes first.
_WEAK = frozenset({"iso8859-1", "cp1252", "ascii"})
# Browsers read these as their supersets (WHATWG Encoding Standard).
_SUPERSETS = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}


def decode_text(body: bytes, charset: str, *, where: str) -> str:
    """Return the text, judged by BOM, header, meta, strict UTF-8, then by what is
    likely.

    Args:
        charset: From the header, "" when it named none.

    Raises:
        UnusableContent: The bytes are no text in any charset.
    """
    text = _decode(body, charset)
    sample = text[:_SAMPLE_CHARS]
    if _count_garbage(sample) > _GARBAGE_SHARE * len(sample):
        raise UnusableContent(
            "the bytes are not text",
            where=where,
            hint="the server mislabels a file; name an address with a page",
        )
    return text


def _count_garbage(text: str) -> int:
    # As bytes, because those are searched for many characters at once in C.
    data = text.encode("utf-8", "surrogatepass")
    controls = len(data) - len(data.translate(None, _CONTROLS))
    return controls + text.count("\ufffd")


def _decode(body: bytes, charset: str) -> str:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace")
    match = _META.search(body[:_META_BYTES])
    in_page = match[1].decode("ascii", "replace") if match else ""
    said = [name for name in (_codec(charset), _codec(in_page)) if name]
    strong = [name for name in said if name not in _WEAK]
    for name in ("utf-8", *strong):
        # Text in another charset is never valid UTF-8 by chance, whatever was said.
        text = _strictly(body, name)
        if text is not None and (name != "utf-8" or not strong or not text.isascii()):
            return text
    for name in (*strong, "utf-8"):
        if (text := _nearly(body, name)) is not None:
            return text
    expected = _SUPERSETS.get(said[0], said[0]) if said and not strong else ""
    return body.decode(guess_charset(body, expected) or "utf-8", "replace")


def _codec(name: str) -> str | None:
    try:
        found = codecs.lookup(name.strip()).name if name.strip() else ""
    except (LookupError, ValueError):
        return None
    return found if _PAGE_CODEC.match(found) else None


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(_SUPERSETS.get(name, name))
    except (UnicodeDecodeError, ValueError):
        return None


def _nearly(body: bytes, name: str) -> str | None:
    """Decode what fits but for a few bytes: a body cut short, an odd quotation."""
    text = body.decode(_SUPERSETS.get(name, name), "replace")
    broken = text.count("\ufffd")
    sound = len(_BEYOND_ASCII.findall(text)) - broken
    return text if sound > _SOUND * broken else None
