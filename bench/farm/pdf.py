"""to_pdf: a small true PDF file: Helvetica, one column, as many pages as needed."""

from __future__ import annotations

import textwrap
import zlib
from collections.abc import Iterable, Sequence

_COLUMNS = 88
_LINES = 48


def to_pdf(title: str, paragraphs: Iterable[str]) -> bytes:
    """Return the file; characters outside ASCII become "?"."""
    lines = [title, ""]
    for paragraph in paragraphs:
        lines += [*textwrap.wrap(paragraph, _COLUMNS), ""]
    sheets = [lines[at : at + _LINES] for at in range(0, len(lines), _LINES)]
    first_sheet = 4
    kids = " ".join(f"{first_sheet + 2 * at} 0 R" for at in range(len(sheets)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(sheets)}/Kids[{kids}]>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for at, sheet in enumerate(sheets):
        objects += [_sheet(first_sheet + 2 * at + 1), _drawing(sheet)]
    return _file(objects)


def _sheet(drawing: int) -> bytes:
    return (
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
        f"/Resources<</Font<</F1 3 0 R>>>>/Contents {drawing} 0 R>>"
    ).encode()


def _drawing(lines: Sequence[str]) -> bytes:
    shown = " ".join(f"({_escape(line)}) Tj T*" for line in lines)
    packed = zlib.compress(f"BT /F1 11 Tf 50 780 Td 14 TL {shown} ET".encode("ascii"))
    head = b"<</Filter/FlateDecode/Length %d>>" % len(packed)
    return head + b"stream\n" + packed + b"\nendstream"


def _escape(line: str) -> str:
    plain = line.encode("ascii", "replace").decode()
    for mark in "\\()":
        plain = plain.replace(mark, f"\\{mark}")
    return plain


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    )
