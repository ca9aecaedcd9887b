"""Search and ask: passages with the words marked, answers with their sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.answering.probe import probe
from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from subak.web.pages.search import marked
from tests.web.pages.looking import Looker


def test_search_finds_passages_and_marks_the_words(looker: Looker) -> None:
    """A hit leads to its place in the document; the words that fit stand out."""
    look = looker.look("search", q="corporate tax Germany")
    first = next(link for link in look.links("document") if "#q" in link)
    assert looker.follow(first)
    assert "<mark>corporate</mark>" in look.html.lower()


def test_search_without_words_shows_only_the_form(looker: Looker) -> None:
    """Nothing is searched before something is asked."""
    look = looker.look("search")
    assert 'type="search"' in look.html
    assert "passage" not in look.text.partition("Finds")[0]


def test_search_for_nonsense_says_so(looker: Looker) -> None:
    """Operators of the index are plain text, and no hit is told as such."""
    for words in ('"', "AND OR NOT", "vat*) NEAR(", "\x00"):
        assert "0 passages" in looker.look("search", q=words, category="none").text


def test_marked_escapes_what_it_marks() -> None:
    """Text of a page stays text around and within the marks."""
    html = str(marked("<b>Tax</b> & taxes", "tax"))
    assert html == "&lt;b&gt;<mark>Tax</mark>&lt;/b&gt; &amp; <mark>taxes</mark>"


def test_marked_shows_headings_without_their_marks() -> None:
    """The signs that mark a heading in a stored text are not shown."""
    assert str(marked("## Tax\n\nNo # sign", "x")) == "Tax\n\nNo # sign"


def test_ask_answers_a_form_with_cited_sentences(looker: Looker) -> None:
    """A question that was sent is answered, each sentence with its place."""
    look = looker.send("ask", q="What is the VAT rate of Germany?")
    assert look.shown.status == 200
    assert "19 percent" in look.text
    assert any("#q" in link for link in look.links("document"))


def test_ask_only_answers_forms(looker: Looker) -> None:
    """An address with a question fills in the form and asks nobody."""
    look = looker.look("ask", q="What is the VAT rate of Germany?")
    assert look.shown.values["reply"] is None
    assert "What is the VAT rate of Germany?" in look.html


def test_ask_says_how_long_it_may_take(looker: Looker) -> None:
    """Before a question is sent, what earlier calls took is told."""
    assert "typically" in looker.look("ask").text


def test_ask_without_a_model_offers_search_instead(
    looker: Looker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing answers there is no form, but the reason and another way."""
    monkeypatch.setenv("SUBAK_MODEL", "openai:none@http://127.0.0.1:9")
    look = looker.look("ask")
    assert "No model answers now" in look.text
    assert 'method="post"' not in look.html
    assert list(look.links("search"))


def test_ask_while_another_question_is_answered_says_so(looker: Looker) -> None:
    """A second question is not queued, and nobody is told to stop this server."""
    with WorkspaceLock(Workspace(Workspace(looker.folder).state / "ask")):
        look = looker.send("ask", q="What is the VAT rate of Italy?")
    assert look.shown.status == 400
    assert "another question is being answered" in look.text
    assert "kill" not in look.text


def test_probe_takes_the_first_server_that_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of several servers one that is there is enough."""
    monkeypatch.setenv("SUBAK_MODEL", "openai:none@http://127.0.0.1:9 | echo")
    assert probe(tmp_path).model == "echo"
