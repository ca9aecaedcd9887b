"""articles/*.md: front matter, prose and footnotes that quote the source."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

from markdown_it import MarkdownIt

from subak.knowledge.articles.article import Article, Citation, Section, Sentence
from subak.knowledge.results import Results
from subak.outputs.markdown import MarkdownWriter


def _written(results: Results, article: Article, folder: Path) -> str:
    only = replace(results, articles=(article,))
    path, _ = MarkdownWriter().write(only, folder)
    return path.read_text(encoding="utf-8")


def test_markdown_front_matter_names_sources(results: Results, tmp_path: Path) -> None:
    """Title, category, time, model and each source once, in order of citation."""
    text = _written(results, results.articles[1], tmp_path)
    head = text.split("---\n")[1]
    assert head.splitlines()[:5] == [
        'title: "How Germany and France tax income and consumption"',
        'category: "taxation"',
        'language: "en"',
        'generated_at: "2026-11-22T06:00:00Z"',
        'model: "qwen2.5-1.5b-instruct"',
    ]
    assert re.findall(r'- url: "https://([^/]+)', head) == [
        "tax.example.de",
        "impots.example.fr",
        "news.example.com",
    ]


def test_markdown_footnotes_prove_each_sentence(
    results: Results, tmp_path: Path
) -> None:
    """Every mark has its note: what is quoted of one document, and its address."""
    text = _written(results, results.articles[1], tmp_path)
    marks = re.findall(r"\[\^(\d+)\](?!:)", text)
    note = r"(?m)^\[\^(\d+)\]: “(.+)” \[.+\]\(<(https://.+)>\)$"
    notes = re.findall(note, text)
    assert marks == [number for number, _, _ in notes] == [*"1234567"]
    first, row = notes[0][1].split("”, “")
    assert first.startswith("The top rate of income tax is 45%")
    assert row == r"above 277,826: 45%"


def test_markdown_headline_is_cited(results: Results, tmp_path: Path) -> None:
    """It stands below the title, in bold, with its proof."""
    first = results.articles[1].sections[0].sentences[0]
    article = replace(results.articles[1], headline=first)
    text = _written(results, article, tmp_path)
    assert (
        "\n\n**Germany takes 45% of taxable income above EUR 277,826.**[^1]\n" in text
    )


def test_markdown_cuts_a_long_quote(results: Results, tmp_path: Path) -> None:
    """A note is read at a glance; the whole quote stands in the file beside it."""
    quote = "Residents pay tax on all income " * 20
    citation = Citation("d", "https://a.example/", "A", 0, len(quote), quote)
    section = Section("Tax", (Sentence("All pay.", "literal", (citation,)),))
    article = replace(results.articles[0], sections=(section,))
    text = _written(results, article, tmp_path)
    (note,) = re.findall(r"(?m)^\[\^1\]: “(.+)”", text)
    assert note.endswith(" …")
    assert len(note) < 250
    beside = (tmp_path / "articles" / f"{article.slug}.json").read_text("utf-8")
    assert quote in beside


def test_markdown_list_section_is_a_list(results: Results, tmp_path: Path) -> None:
    """Items stay items."""
    text = _written(results, results.articles[1], tmp_path)
    assert "\n- Germany: the standard rate of VAT is 19%.[^6]\n- France" in text


def test_markdown_article_without_anything_is_valid(
    results: Results, tmp_path: Path
) -> None:
    """No section and no source still give a file."""
    text = _written(results, replace(results.articles[0], sections=()), tmp_path)
    assert "sources: []" in text
    assert text.endswith("# Brazil naturalises after four years\n")


def test_markdown_resists_a_hostile_article(results: Results, tmp_path: Path) -> None:
    """Titles, headings, sentences, quotes and addresses inject nothing."""
    evil = (
        '"]\n---\n<script>alert(1)</script> ![x](https://evil.example/p.png) '
        "[a](javascript:x) https://evil.example {{ x }} \u202eabc"
    )
    citation = Citation("d", "javascript:alert(1)", evil, 0, 1, evil)
    section = Section(evil, (Sentence(evil, "rewritten", (citation,)),))
    article = replace(
        results.articles[0], title=evil, category=evil, model=evil, sections=(section,)
    )
    text = _written(results, article, tmp_path)
    _, head, body = text.split("---\n", 2)
    for line in head.splitlines():
        if ": " in line:
            json.loads(line.split(": ", 1)[1])
    html = MarkdownIt("commonmark").render(body)
    tags = set(re.findall(r"<(/?\w+)", html))
    assert tags <= {"h1", "/h1", "h2", "/h2", "p", "/p"}
    assert "\u202e" not in text
    assert not re.search(r"https://evil\.example|\{\{", body)


def test_markdown_file_name_cannot_escape(results: Results, tmp_path: Path) -> None:
    """A slug that climbs stays in the folder."""
    _written(results, replace(results.articles[0], slug="../../evil"), tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.parent for path in files} == {tmp_path / "articles"}
