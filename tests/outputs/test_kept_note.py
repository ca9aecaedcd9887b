"""What is said of an article of an earlier run, in every format that has articles."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from subak.knowledge.articles.article import Article
from subak.knowledge.results import Results
from subak.outputs.digest import DigestWriter
from subak.outputs.kept_note import kept_note
from subak.outputs.markdown import MarkdownWriter
from subak.outputs.texts import TextsWriter
from subak.outputs.website import WebsiteWriter
from subak.outputs.writer import Writer

NOTE = "This one is of 21 November 2026."


def _older(article: Article, language: str = "en") -> Article:
    at = 1_795_240_800.0  # 2026-11-21 06:00 UTC
    return replace(article, is_kept=True, generated_at=at, language=language)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", NOTE), ("it", "del 21 novembre 2026."), ("id", "dari 21 November 2026.")],
)
def test_note_names_the_day_in_the_language_of_the_article(
    results: Results, language: str, words: str
) -> None:
    """An article of the last run has none."""
    article = results.articles[0]
    assert kept_note(_older(article, language)).endswith(words)
    assert kept_note(article) == ""


@pytest.mark.parametrize(
    ("write", "name"),
    [
        (MarkdownWriter, "articles/taxation.md"),
        (TextsWriter, "texts/taxation.txt"),
        (DigestWriter, "digest.md"),
        (WebsiteWriter, "site/articles/taxation.html"),
    ],
)
def test_every_format_says_it_once(
    results: Results, tmp_path: Path, write: Callable[[], Writer], name: str
) -> None:
    """Of the article that is older, and of no other."""
    older = tuple(
        _older(one) if one.slug == "taxation" else one for one in results.articles
    )
    write().write(replace(results, articles=older), tmp_path)
    assert (tmp_path / name).read_text(encoding="utf-8").count(NOTE) == 1


def test_programs_are_told_too(results: Results, tmp_path: Path) -> None:
    """The JSON beside the Markdown; the list of the site marks it."""
    older = replace(results, articles=(_older(results.articles[0]),))
    path = MarkdownWriter().write(older, tmp_path)[1]
    assert json.loads(path.read_bytes())["kept"] is True
    WebsiteWriter().write(older, tmp_path)
    assert "not made anew" in (tmp_path / "site" / "index.html").read_text()
