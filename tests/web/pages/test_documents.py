"""Documents: the list, a stored text with its marks, what changed between two days."""

from __future__ import annotations

import re
from html import unescape

from subak.knowledge.documents.document import Document
from tests.web.pages.looking import Look, Looker
from tests.web.pages.two_mornings import LOST


def _address(looker: Looker, words: str) -> str:
    return next(iter(looker.look("documents", q=words).links("document")))


def _text(look: Look) -> str:
    document = look.shown.values["document"]
    assert isinstance(document, Document)
    return document.text


def _words(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def _marked(look: Look, span: str) -> str:
    """Return the characters that all marks of a span hold together."""
    return _words(
        "".join(
            re.findall(rf'<mark[^>]*data-q="{span}">(.*?)</mark>', look.html, re.DOTALL)
        )
    )


def test_documents_are_filtered_by_word_category_and_state(looker: Looker) -> None:
    """Each filter leaves what fits; the number above the list is that of all."""
    assert "2 addresses" in looker.look("documents", q="ITALY").text
    assert "0 addresses" in looker.look("documents", category="visa").text
    changed = looker.look("documents", state="changed")
    assert "2 addresses" in changed.text
    assert "/italy" in changed.text
    assert "/kenya" in changed.text


def test_documents_with_an_unknown_state_are_all_shown(looker: Looker) -> None:
    """A filter that nobody offers is no filter."""
    every = looker.look("documents").shown.values["documents"]
    other = looker.look("documents", state="'; DROP").shown.values["documents"]
    assert every == other


def test_document_highlights_what_published_values_quote(looker: Looker) -> None:
    """Each use leads to marks that together are exactly the quoted characters."""
    look = looker.follow(_address(looker, "/germany"))
    spans = sorted(one for one in look.ids if re.fullmatch(r"q\d+-\d+", one))
    assert len(spans) >= 2
    for span in spans:
        start, end = map(int, span[1:].split("-"))
        assert _marked(look, span) == _text(look)[start:end]
    assert any("19 percent" in _marked(look, span) for span in spans)
    assert "Germany: VAT" in look.text


def test_document_highlights_the_place_that_was_asked_for(looker: Looker) -> None:
    """A place in the address is marked, also when nothing published quotes it."""
    look = looker.follow(f"{_address(looker, '/germany')}?at=2-9")
    assert _marked(look, "q2-9") == _text(look)[2:9]


def test_document_ignores_a_place_that_is_none(looker: Looker) -> None:
    """A place beyond the text, backwards or no number is no place."""
    for at in ("9-3", "0-99999999", "x", "1-", "٣-٤"):
        look = looker.follow(f"{_address(looker, '/germany')}?at={at}")
        assert look.shown.values["asked_for"] is None


def test_document_diff_shows_what_went_and_came(looker: Looker) -> None:
    """Two days of Kenya's page: one line went, another came, the rest stayed."""
    document = looker.follow(_address(looker, "/kenya"))
    look = looker.follow(next(iter(document.links("document_diff"))))
    assert "1 line went, 1 line came" in look.text
    gone = re.findall(r'<li class="gone".*?</li>', look.html, re.DOTALL)
    came = re.findall(r'<li class="came".*?</li>', look.html, re.DOTALL)
    assert LOST in _words("".join(gone))
    assert "roads were mended" in _words("".join(came))
    assert "as before" in look.text
