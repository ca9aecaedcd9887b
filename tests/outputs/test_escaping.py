"""markdown_text: shown as it is, by any Markdown reader."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from subak.outputs.escaping import markdown_text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/p.png)",
    "[click](javascript:alert(1))",
    "[click][1]\n\n[1]: javascript:alert(1)",
    "<https://evil.example>",
    "<javascript:alert(1)>",
    "&lt;b&gt; &#60;i&#62;",
    "# heading",
    "text\n===",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "12) item",
    "> quote",
    "```\ncode",
    "    code",
    "~~~\ncode",
    "a | b\n--- | ---",
    "---",
    "[^1]: note",
    "*a* _b_ **c** __d__ ~~e~~ `f`",
    "back\\slash \\<b\\>",
    "a\u2028# b",
    "a\r\n\r\n# b",
]


def _html(text: str) -> str:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return str(reader.render(text))


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_markdown_text_is_one_plain_paragraph(text: str) -> None:
    """Even with HTML switched on, nothing but the text itself comes out."""
    html = _html(markdown_text(text))
    inner = re.fullmatch(r"<p>([^<>]*)</p>\n", html)
    assert inner, html
    assert unescape(inner.group(1)) == " ".join(text.split())


@settings(deadline=None)
@given(st.text(alphabet="ab1 .)-+=*_#<>[]()!`~|&;:/\\\n{}%$@\"'", max_size=40))
def test_markdown_text_never_makes_markup(text: str) -> None:
    """Random mixtures of marks stay one paragraph with the same text."""
    html = _html(markdown_text(text))
    inner = re.fullmatch(r"(?:<p>([^<>]*)</p>\n)?", html)
    assert inner, html
    shown = unescape(inner.group(1) or "").replace("\u2060", "")
    assert shown == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["https://evil.example/x", "www.evil.example", "me@evil.example"]
)
def test_markdown_text_breaks_bare_addresses(text: str) -> None:
    """Readers that make links of bare addresses find none."""
    escaped = markdown_text(text)
    assert not re.search(r"\w://|www\.|@\w|\w\.\w", escaped)


@pytest.mark.parametrize("text", ["{{ secret }}", "{% include x %}", "{{< raw >}}"])
def test_markdown_text_breaks_template_marks(text: str) -> None:
    """Site generators that fill templates first find none."""
    assert not re.search(r"\{\{|\{%", markdown_text(text))


def test_markdown_text_drops_direction_marks() -> None:
    """A text cannot turn the rest of the line around."""
    assert markdown_text("a\u202eb\u2067c") == "abc"


def test_markdown_text_leaves_prose_alone() -> None:
    """Ordinary sentences stay readable in the file."""
    text = "The rate is 3.5% (up from 3%), said the ministry."
    assert markdown_text(text) == text
