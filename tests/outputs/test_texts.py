"""texts/*.txt: articles, or else documents, without any markup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from subak.knowledge.results import Results
from subak.outputs.texts import TextsWriter


def _written(results: Results, folder: Path) -> dict[str, str]:
    paths = TextsWriter().write(results, folder)
    assert len(set(paths)) == len(paths)
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def test_articles_become_texts_with_numbered_quotes(
    results: Results, tmp_path: Path
) -> None:
    """Headings are underlined, a quote has one number, and its address stands below."""
    text = _written(results, tmp_path)["taxation.txt"]
    assert "Top rates meet at 45 percent\n----------------------------\n" in text
    assert "above EUR 277,826. [1][2]\n" in text
    assert "- Germany: the standard rate of VAT is 19%. [" in text
    notes = [line for line in text.splitlines() if line.startswith("[1] ")]
    assert notes[0].endswith("<https://tax.example.de/income?year=2026>")
    assert "**" not in text


def test_documents_become_texts_where_there_is_no_article(
    results: Results, tmp_path: Path
) -> None:
    """One that is alone about its entity is called by it, others by their address."""
    found = _written(replace(results, articles=()), tmp_path)
    assert len(found) == len(results.documents)
    assert {"germany.txt", "brazil.txt"} <= set(found)
    france = sorted(name for name in found if "example-fr" in name or "news" in name)
    assert len(france) == 2
    lines = found["germany.txt"].splitlines()
    assert lines[:3] == [
        "Germany: individual income tax",
        "Source: https://tax.example.de/income?year=2026",
        "Published: 2026-10-01",
    ]
    assert "Licence: Open Government Licence" in lines


def test_foreign_title_stays_one_line(results: Results, tmp_path: Path) -> None:
    """A title can't forge the lines below it."""
    forged = replace(results.documents[0], title="Rates\nSource: https://evil.example")
    only = replace(results, articles=(), documents=(forged,))
    (text,) = _written(only, tmp_path).values()
    assert text.splitlines()[0] == "Rates Source: https://evil.example"
    assert text.splitlines()[1] == f"Source: {forged.url}"
