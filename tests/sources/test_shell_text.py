"""Pages that only scripts fill in are read from the data they carry."""

from __future__ import annotations

import json

import msgspec
import pytest

from subak.errors import UnusableContent
from subak.sources.extract_page import extract_page
from subak.sources.raw_page import RawPage, ReadPage
from subak.sources.shell_text import shell_text

SENTENCE = (
    "The council of {} raised the fee for parking permits by four euros a month, "
)
PARAGRAPHS = [
    SENTENCE.format(place) + "which residents had expected since the spring."
    for place in ("Ulm", "Graz", "Bern")
]
SHELL = '<body><div id="root"></div><script src="app.js"></script>{}</body>'


def test_shell_text_reads_a_state_of_scripts() -> None:
    """Sentences are taken in order, once, without markup, addresses and code."""
    state = {
        "props": {"html": f"<p>{PARAGRAPHS[0]}</p><script>zz()</script>"},
        "more": [{"text": PARAGRAPHS[1]}, {"text": PARAGRAPHS[1]}, PARAGRAPHS[2]],
        "image": "https://cdn.example/" + "a b c d e f g h i " * 8,
        "code": "function (a) { return a ? b : c ; } " * 5,
        "key": "x" * 300,
    }
    data = json.dumps(state).replace("</", "<\\/")
    script = f'<script id="__NEXT_DATA__" type="application/json">{data}</script>'
    assert shell_text(SHELL.format(script), "") == "\n\n".join(PARAGRAPHS)


def test_shell_text_prefers_the_article_of_linked_data() -> None:
    """What is said to be the article is the article."""
    body = "\n\n".join(PARAGRAPHS)
    assert shell_text(SHELL.format(""), body) == body


def test_shell_text_reads_what_is_meant_for_readers_without_scripts() -> None:
    """But not the request to turn them on."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    page = SHELL.format(f"<noscript>{text}</noscript>")
    assert shell_text(page, "") == "\n\n".join(PARAGRAPHS)
    please = "You need to enable JavaScript to run this app. " * 10
    assert shell_text(SHELL.format(f"<noscript>{please}</noscript>"), "") == ""


@pytest.mark.parametrize("state", ["{", "[" * 50_000, "null", '{"a": "short"}'])
def test_shell_text_without_sentences_is_empty(state: str) -> None:
    """Broken or bottomless data is nothing, and no error."""
    script = f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'
    assert shell_text(SHELL.format(script), "") == ""


def test_extract_page_reads_a_shell_only_when_nothing_is_visible() -> None:
    """A visible page's data stays unread, an empty page's is its text."""
    state = json.dumps({"text": PARAGRAPHS})
    script = f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'
    seen = "<p>The office in Linz is closed for repairs until the end of May.</p>"
    assert "Ulm" in read(SHELL.format(script))
    assert "Ulm" not in read(SHELL.format(seen + script))


def test_extract_page_empty_shell_names_the_way_out() -> None:
    """The error says what to write into the recipe."""
    with pytest.raises(UnusableContent) as caught:
        read(SHELL.format(""))
    assert "render = true" in caught.value.hint


def read(html: str) -> str:
    """Return the text of a page."""
    raw = RawPage("https://site.example/x", html.encode(), "text/html")
    answer = extract_page(msgspec.msgpack.encode(raw))
    return msgspec.msgpack.decode(answer, type=ReadPage).text
