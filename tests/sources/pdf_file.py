"""pdf_file: small PDFs, written by hand, with the lines a test wants on each page."""

from __future__ import annotations

from collections.abc import Sequence

_LEADING = 14
_TOP = 800


def pdf_file(
    pages: Sequence[Sequence[str]],
    *,
    title: str = "",
    author: str = "",
    date: str = "",
    is_locked: bool = False,
    stream: bytes | None = None,
) -> bytes:
    """Return a PDF of these lines, from the top of each page downwards.

    Args:
        is_locked: A password is needed that nobody knows.
        stream: What every page draws instead of its lines.
    """
    count = len(pages)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica "
        b"/Encoding /WinAnsiEncoding >>",
    ]
    for number, lines in enumerate(pages):
        drawn = _drawn(lines) if stream is None else stream
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            b"/Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    objects.append(
        f"<< /Title ({title}) /Author ({author}) /ModDate ({date}) >>".encode()
    )
    return _file(objects, is_locked=is_locked)


def _drawn(lines: Sequence[str]) -> bytes:
    parts = [b"BT /F1 11 Tf 50 %d Td %d TL" % (_TOP, _LEADING)]
    for line in lines:
        text = line.encode("cp1252").replace(b"\\", rb"\\")
        text = text.replace(b"(", rb"\(").replace(b")", rb"\)")
        parts.append(b"(%s) Tj T*" % text)
    return b"\n".join((*parts, b"ET"))


def _file(objects: Sequence[bytes], *, is_locked: bool) -> bytes:
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    lock = (
        b" /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> "
        b"/ID [<00> <00>]" % (b"41" * 32, b"42" * 32)
        if is_locked
        else b""
    )
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
        + b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R%s >>\n"
        % (len(objects) + 1, len(objects), lock)
        + b"startxref\n%d\n%%%%EOF\n" % len(body)
    )
