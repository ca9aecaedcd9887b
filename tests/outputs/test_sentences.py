"""articles/*.json: what a program needs of an article."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from subak.knowledge.articles.article import Flag, Review
from subak.knowledge.results import Results
from subak.outputs.markdown import MarkdownWriter


def test_sentences_stand_beside_the_markdown(results: Results, tmp_path: Path) -> None:
    """Each article has a JSON file with all its sentences and their quotes."""
    paths = MarkdownWriter().write(results, tmp_path)
    assert [path.suffix for path in paths] == [".md", ".json"] * len(results.articles)
    article = results.articles[1]
    data = json.loads(paths[3].read_text("utf-8"))
    assert [one["heading"] for one in data["sections"]] == [
        one.heading for one in article.sections
    ]
    for told, section in zip(data["sections"], article.sections, strict=True):
        for one, sentence in zip(told["sentences"], section.sentences, strict=True):
            assert (one["text"], one["verdict"]) == (sentence.text, sentence.verdict)
            assert one["citations"][0]["quote"] == sentence.citations[0].quote
            assert {"url", "start", "end"} <= one["citations"][0].keys()


def test_sentences_carry_status_note_and_review(
    results: Results, tmp_path: Path
) -> None:
    """What code adds and what a reviewer found are fields of their own."""
    article = results.articles[1]
    first = replace(
        article.sections[0].sentences[0], status="changed", note="18% until 2025-12-31"
    )
    section = replace(article.sections[0], sentences=(first,))
    article = replace(
        article,
        sections=(section,),
        headline=first,
        review=Review("reader", 1, (Flag(first.text, "odd", "marked"),)),
    )
    page, data = MarkdownWriter().write(replace(results, articles=(article,)), tmp_path)
    told = json.loads(data.read_text("utf-8"))
    assert told["sections"][0]["sentences"][0]["note"] == "18% until 2025-12-31"
    assert told["review"]["flags"][0]["problem"] == "odd"
    text = page.read_text("utf-8")
    assert text.count("(18% until 2025-12-31)") == 2
    assert "Read by reader: of 1 sentences 0 taken back" in text
