"""Bytes become text in the charset that fits them."""

from __future__ import annotations

import codecs
import random

import pytest

from subak.errors import UnusableContent
from subak.sources.decode_text import decode_text

RUSSIAN = "Привет, мир: налог на добавленную стоимость составляет двадцать процентов. "


def page(text: str, charset: str, *, is_declared: bool = True) -> bytes:
    """Return an HTML page in a charset."""
    meta = f'<meta charset="{charset}">' if is_declared else ""
    return f"<html><head>{meta}</head><body>{text}</body></html>".encode(charset)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Żółw café 日本 Привет", "utf-8"),
        ("naïve café Größe", "iso-8859-1"),
        ("naïve “café” €5", "windows-1252"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        ("日本語テスト東京", "shift_jis"),
        ("日本語テスト東京", "euc-jp"),
        ("中文测试税务", "gb18030"),
        ("中文測試稅務", "big5"),
        ("한국어 세금 시험", "euc-kr"),
        ("Żółw łódź říčka", "iso-8859-2"),
    ],
)
@pytest.mark.parametrize("how", ["header", "meta"])
def test_decode_text_believes_header_and_meta(
    text: str, charset: str, how: str
) -> None:
    """A declaration in either place is enough."""
    body = page(text, charset, is_declared=how == "meta")
    header = charset if how == "header" else ""
    assert text in decode_text(body, header, where="x")


@pytest.mark.parametrize(
    ("body", "header", "expected"),
    [
        (codecs.BOM_UTF8 + "Größe".encode(), "iso-8859-1", "Größe"),
        (codecs.BOM_UTF16_LE + "Größe".encode("utf-16-le"), "", "Größe"),
        (page("Größe", "utf-8"), "iso-8859-1", "Größe"),
        ("Größe".encode(), "iso-8859-1", "Größe"),
        ("Größe".encode(), "", "Größe"),
        (page(RUSSIAN, "windows-1251"), "iso-8859-1", RUSSIAN),
        ("“Größe”".encode("cp1252"), "iso-8859-1", "“Größe”"),
        ("Größe".encode(), "no-such-charset", "Größe"),
        ("Größe".encode(), "unicode_escape", "Größe"),
        ("+AGE-", "utf-7", "+AGE-"),
        (page(RUSSIAN, "windows-1251", is_declared=False), "utf-8", RUSSIAN),
        (page(RUSSIAN * 5, "koi8-r", is_declared=False), "", RUSSIAN),
        (b"\xff broken \xc3( utf-8", "utf-8", "broken"),
    ],
)
def test_decode_text_weighs_contradictions(
    body: bytes | str, header: str, expected: str
) -> None:
    """BOM, then strong words, then strict UTF-8, then weak words, then statistics."""
    data = body.encode() if isinstance(body, str) else body
    assert expected in decode_text(data, header, where="x")


@pytest.mark.parametrize(
    "body",
    [
        random.Random(7).randbytes(4_000),
        b"\x89PNG\r\n\x1a\n" + bytes(500),
        b"%PDF-1.7\n" + random.Random(8).randbytes(3_000),
        b"PK\x03\x04" + random.Random(9).randbytes(3_000),
        bytes(100),
    ],
)
@pytest.mark.parametrize("header", ["", "utf-8", "iso-8859-1"])
def test_decode_text_refuses_binary_garbage(body: bytes, header: str) -> None:
    """No charset makes text of an image."""
    with pytest.raises(UnusableContent, match="not text") as caught:
        decode_text(body, header, where="http://site.example/x")
    assert caught.value.where == "http://site.example/x"
