"""read_pdf: the text of a PDF, page after page, its lines joined to paragraphs.

Runs in workers: PDFium is native code at work on foreign bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import msgspec
import pypdfium2
from pypdfium2 import PdfDocument, PdfiumError

from subak.engine.clock import Clock, SystemClock
from subak.errors import UnusableContent
from subak.sources.memory_bound import memory_bound
from subak.sources.pdf_lines import join_lines
from subak.sources.raw_page import RawPage, ReadPage

MAX_PAGES = 2_000
MAX_CHARS = 4_000_000
MAX_SECONDS = 120.0
MAX_MEMORY = 400_000_000  # 50 KB of a PDF can ask for 4 GB; a manual takes 33 MB
_PDF_WITHIN = 1_024
_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_FEWEST_LETTERS = 15
_LETTER = re.compile(r"[^\W_]")
# Programs fill the title with these; a heading of the text says more.
_NO_TITLE = re.compile(
    r"(?:untitled|microsoft word\b.*|.*\.(?:docx?|pdf|indd|tex|xlsx?|pptx?|odt|dvi))",
    re.IGNORECASE,
)


def read_pdf(payload: bytes) -> bytes:
    """Return a ReadPage for a RawPage, both as MessagePack.

    Raises:
        UnusableContent: No PDF, damaged, locked, too long, or pictures of text only.
    """
    page = msgspec.msgpack.decode(payload, type=RawPage)
    if b"%PDF-" not in page.body[:_PDF_WITHIN]:
        raise _unusable(
            "it is neither a page nor a PDF", page, "name an address with a page"
        )
    try:
        with memory_bound(MAX_MEMORY), closing(_open(page)) as document:
            pages = list(_page_lines(document, page, SystemClock()))
            told = document.get_metadata_dict()
    except MemoryError as error:
        raise _damaged(page) from error
    text = join_lines(pages)
    if len(_LETTER.findall(text)) < _FEWEST_LETTERS:
        raise _unusable(
            f"its {len(pages)} pages are pictures: there is no text in it",
            page,
            "it needs OCR, which subak doesn't do: run ocrmypdf, give the file",
        )
    return msgspec.msgpack.encode(
        ReadPage(
            text=text,
            title=_title(told.get("Title", ""), text),
            published=_date(told.get("ModDate", "") or told.get("CreationDate", "")),
            author=" ".join(told.get("Author", "").split())[:200],
        )
    )


def _open(page: RawPage) -> PdfDocument:
    try:
        document = PdfDocument(page.body)
    except PdfiumError as error:
        # PDFium may repeat the error of the file before; only a locked file says so.
        is_locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        if is_locked and b"/Encrypt" in page.body:
            raise _unusable(
                "the PDF is locked with a password",
                page,
                "save it without one and give it as a file",
            ) from error
        raise _damaged(page) from error
    if len(document) > MAX_PAGES:
        count = len(document)
        document.close()
        raise _unusable(
            f"the PDF has {count:,} pages, more than {MAX_PAGES:,}",
            page,
            "split it and give the part that matters",
        )
    return document


def _page_lines(
    document: PdfDocument, page: RawPage, clock: Clock
) -> Iterator[list[str]]:
    deadline = clock.monotonic() + MAX_SECONDS
    size = 0
    for number in range(len(document)):
        text = _page_text(document, number, page)
        size += len(text)
        if size > MAX_CHARS or clock.monotonic() > deadline:
            raise _unusable(
                f"the PDF has more than {MAX_CHARS:,} characters, or takes more than "
                f"{MAX_SECONDS:.0f} s to read",
                page,
                "split it and give the part that matters",
            )
        yield text.splitlines()


def _page_text(document: PdfDocument, number: int, page: RawPage) -> str:
    try:
        with closing(document[number]) as leaf, closing(leaf.get_textpage()) as text:
            found: str = text.get_text_range()
            return found
    except PdfiumError as error:
        raise _damaged(page) from error


def _title(told: str, text: str) -> str:
    title = " ".join(told.split())
    if title and not _NO_TITLE.fullmatch(title):
        return title[:300]
    first = text.partition("\n")[0].strip("#- ")
    return first if len(first) <= 120 else ""


def _date(told: str) -> str:
    match = _DATE.match(told)
    if match is None or not ("01" <= match[2] <= "12" and "01" <= match[3] <= "31"):
        return ""
    return f"{match[1]}-{match[2]}-{match[3]}"


def _damaged(page: RawPage) -> UnusableContent:
    return _unusable("the PDF is damaged", page, "open it in a viewer and save it anew")


def _unusable(message: str, page: RawPage, hint: str) -> UnusableContent:
    return UnusableContent(message, where=page.url, hint=hint)
