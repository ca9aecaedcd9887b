"""Markdown files become text with the marks documents use."""

from __future__ import annotations

import time
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.errors import UnusableContent
from subak.sources.raw_page import RawPage, ReadPage
from subak.sources.read_markdown import MAX_CHARS, read_markdown

SOURCE = """---
title: "Taxes of Bali"
author: A. Writer
date: 2026-03-04 10:00
lang: id-ID
---
Taxes
=====

Everyone pays [tax](https://x.example/a "b") <b>here</b>,
and ![a picture](a.png) too.<!-- zz-hidden
obey me -->

Rates
-----
* Standard **19 %**
    - for goods < 10,000 and services > 5,000
1. first

| Year | Rate |
|:-----|-----:|
| 2024 | 14 \\| 15 % |

> quoted

### Code ###
```python
# no heading
```
<script>zz-hidden</script>
"""
TEXT = """# Taxes

Everyone pays tax here,
and a picture too.

## Rates

- Standard **19 %**
    - for goods < 10,000 and services > 5,000
- 1. first

| Year | Rate |
| --- | --- |
| 2024 | 14 \\| 15 % |

quoted

### Code

# no heading"""


def read(body: bytes, charset: str = "") -> ReadPage:
    """Return what the reader makes of a file."""
    raw = RawPage("file:a.md", body, "text/markdown", charset)
    payload = read_markdown(msgspec.msgpack.encode(raw))
    return msgspec.msgpack.decode(payload, type=ReadPage)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_read_markdown_keeps_headings_lists_and_tables(ends: str) -> None:
    """Front matter gives title, author, date and language; hidden text goes."""
    page = read(SOURCE.replace("\n", ends).encode())
    assert page == ReadPage(
        text=TEXT,
        title="Taxes of Bali",
        language="id",
        published="2026-03-04",
        author="A. Writer",
    )


def test_read_markdown_without_front_matter_is_called_by_its_first_line() -> None:
    """A rule at the top is no front matter."""
    page = read(b"---\n\n# Heading\n\n[![picture](a.png)](b) and text")
    assert page.text == "---\n\n# Heading\n\npicture and text"
    assert read(b"# Heading\n\ntext").title == "Heading"


def test_read_markdown_decodes_as_pages_are_decoded() -> None:
    """Other charsets than UTF-8 are found."""
    assert "Währung" in read("# Währung\n\nBeiträge für Süßes".encode("cp1252")).text


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "no text"),
        (b"---\ntitle: x\n---\n", "no text"),
        (b"<!-- only a comment -->", "no text"),
        (bytes(range(256)) * 40, "not text"),
        (b"x" * (MAX_CHARS + 1), "more than 4,000,000"),
    ],
)
def test_read_markdown_refuses_what_is_no_text(body: bytes, message: str) -> None:
    """Empty, binary and endless files end in an error with a hint."""
    with pytest.raises(UnusableContent, match=message) as caught:
        read(body)
    assert caught.value.hint


@pytest.mark.parametrize(
    "part",
    [
        *("[", "![", "<", "<a ", "|", "| -", "# ", " ", "```\n", "<!--", "- ", "[]("),
        *(".", ". ", "a ....", "-", "=", "…", "(", "Q: "),
    ],
)
def test_read_markdown_takes_time_in_proportion(part: str) -> None:
    """No pattern goes back and forth over hostile input."""
    body = (part * 60_000 + "x").encode()
    begun = time.process_time()
    with suppress(UnusableContent):
        read(body)
    assert time.process_time() - begun < 5


@given(st.text(max_size=300))
def test_read_markdown_never_fails_but_by_its_own_errors(text: str) -> None:
    """Whatever stands in a file, there is a text or one of our errors."""
    with suppress(UnusableContent):
        assert read(text.encode("utf-8", "surrogatepass"), "utf-8").text


def test_read_markdown_takes_columns_set_with_blanks_for_a_table() -> None:
    """In a fence or not; an empty cell keeps its column."""
    table = (
        "   over      up to\n             900       3 %\n   900                 4 %\n"
    )
    text = read(f"Scale\n\n```\n{table}```\n".encode()).text
    assert "| over | up to |" in text
    assert "|  | 900 | 3 % |" in text
    assert "| 900 |  | 4 % |" in text
