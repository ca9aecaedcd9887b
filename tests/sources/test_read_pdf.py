"""The text of PDFs: lines become paragraphs, what has no text says so."""

from __future__ import annotations

import subprocess
import sys
import zlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.errors import UnusableContent
from subak.sources.pdf_lines import join_lines
from subak.sources.raw_page import RawPage, ReadPage
from subak.sources.read_pdf import MAX_PAGES, read_pdf
from tests.sources.pdf_file import pdf_file

URL = "https://tax.example/law.pdf"
LONG = "The rate of the value added tax is nineteen percent of the price of a good"
LINES = (
    "Value added tax",
    LONG + " that is",
    "sold in the country, and seven percent of the price of books, food and of news-",
    "papers. It is paid by the seller.",
    "Rates",
    "Standard 19 %",
    "Reduced 7 %",
    "• Books and newspapers, also those that are published on paper and in other forms",
    "of the same kind",
    "• Food",
    "1. The first article of the law",
)
TEXT = f"""Value added tax

{LONG} that is sold in the country, and seven percent of the price of books, food \
and of newspapers. It is paid by the seller.

Rates
Standard 19 %
Reduced 7 %

- Books and newspapers, also those that are published on paper and in other forms of \
the same kind
- Food

1. The first article of the law"""


def read(body: bytes, content_type: str = "application/pdf") -> ReadPage:
    """Return what the reader makes of a file."""
    payload = msgspec.msgpack.encode(RawPage(URL, body, content_type))
    return msgspec.msgpack.decode(read_pdf(payload), type=ReadPage)


def test_read_pdf_joins_lines_to_paragraphs_items_and_rows() -> None:
    """Full lines flow on, divided words are whole again, short lines stay lines."""
    assert read(pdf_file([LINES])).text == TEXT


def test_read_pdf_takes_title_author_and_date_of_the_file() -> None:
    """The metadata is used, in the forms of documents."""
    body = pdf_file(
        [LINES], title="VAT  Act", author="Ministry", date="D:20260304101112+01'00'"
    )
    page = read(body, "application/octet-stream")
    assert (page.title, page.author, page.published) == (
        "VAT Act",
        "Ministry",
        "2026-03-04",
    )


@pytest.mark.parametrize("title", ["", "untitled", "Microsoft Word - a", "law_v2.docx"])
def test_read_pdf_title_of_a_program_gives_way_to_the_first_line(title: str) -> None:
    """What the word processor filled in says less than the text."""
    assert read(pdf_file([LINES], title=title, date="2026")).title == "Value added tax"
    assert read(pdf_file([LINES], date="D:20261399")).published == ""


def test_read_pdf_drops_lines_that_every_page_repeats() -> None:
    """Running heads, feet and page numbers are not the text; the rest is in order."""
    pages = [
        ("Law Gazette 2026", f"Article {number} says so.", "a", "b", f"- {number} -")
        for number in range(1, 5)
    ]
    text = read(pdf_file(pages)).text
    assert "Gazette" not in text
    assert "- 1 -" not in text
    assert [n for n in range(1, 5) if f"Article {n} says so." in text] == [1, 2, 3, 4]


def test_read_pdf_sentence_goes_on_over_the_page() -> None:
    """A full last line and the first one of the next page are one paragraph."""
    text = read(pdf_file([[LONG], ["that is sold here."]])).text
    assert text == f"{LONG} that is sold here."


@pytest.mark.parametrize(
    ("body", "message", "hint"),
    [
        (b"", "neither a page nor a PDF", "page"),
        (b"PK\x03\x04 a zip file", "neither a page nor a PDF", "page"),
        (b"%PDF-1.7 and nothing else", "damaged", "save it anew"),
        (pdf_file([LINES])[:300], "damaged", "save it anew"),
        (pdf_file([LINES], is_locked=True), "locked with a password", "without one"),
        (pdf_file([()], stream=b"0 0 100 100 re f"), "pictures", "OCR"),
        (pdf_file([]), "damaged", "save it anew"),
        (pdf_file([()] * (MAX_PAGES + 1)), "2,001 pages", "split it"),
    ],
)
def test_read_pdf_without_usable_text_says_why(
    body: bytes, message: str, hint: str
) -> None:
    """Each kind of useless file has its own reason and way out."""
    with pytest.raises(UnusableContent, match=message) as caught:
        read(body)
    assert caught.value.where == URL
    assert hint in caught.value.hint


def test_read_pdf_damaged_after_a_locked_one_is_not_called_locked() -> None:
    """One file's error is not told of the next."""
    with pytest.raises(UnusableContent, match="locked"):
        read(pdf_file([LINES], is_locked=True))
    with pytest.raises(UnusableContent, match="damaged"):
        read(pdf_file([]))


def test_read_pdf_survives_a_drawing_that_nests_without_end() -> None:
    """A hostile content stream is read as far as it goes, or refused."""
    for stream in (b"q " * 200_000, b"[" * 200_000, zlib.compress(b"BT " * 9)):
        with pytest.raises(UnusableContent):
            read(pdf_file([()], stream=stream))


def test_read_pdf_that_asks_for_gigabytes_ends_its_worker_only() -> None:
    """50 KB that become 4 GB cost two workers, and the next file is read."""
    # A process of its own: the system tells only the largest of all children.
    command = [sys.executable, "-m", "tests.sources.pdf_bomb"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 700_000  # kilobytes


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.text("ab -.1A•\ufffe\x00", max_size=60), max_size=6), max_size=5
    )
)
def test_join_lines_loses_no_letter_of_few_pages(pages: list[list[str]]) -> None:
    """Fewer than three pages have no running heads: every letter is still there."""
    kept = [character for character in join_lines(pages[:2]) if character in "abA"]
    given_ = "".join("".join(line) for page in pages[:2] for line in page)
    assert kept == [character for character in given_ if character in "abA"]
