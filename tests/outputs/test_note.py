"""A section that nothing was found for says so wherever articles are shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from subak.knowledge.articles.article import Section
from subak.knowledge.results import Results
from subak.outputs.writers import WRITERS

NOTE = "The sources say nothing about this: Is there a wealth tax?"


@pytest.mark.parametrize("name", ["markdown", "texts", "website"])
def test_note_of_an_empty_section_is_shown(
    name: str, results: Results, tmp_path: Path
) -> None:
    """Heading and note stand in the article's file, in every format people read."""
    article = results.articles[1]
    silent = Section("Wealth tax", (), note=NOTE)
    article = replace(article, sections=(*article.sections, silent))
    WRITERS[name].write(replace(results, articles=(article,)), tmp_path)
    files = [
        path for path in tmp_path.rglob("*") if path.suffix in (".md", ".txt", ".html")
    ]
    shown = [path for path in files if NOTE in path.read_text(encoding="utf-8")]
    assert shown
    assert all("Wealth tax" in path.read_text(encoding="utf-8") for path in shown)
