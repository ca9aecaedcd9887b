"""documents.csv and documents.jsonl: every document with its text."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

from subak.knowledge.results import Results
from subak.outputs.documents import DocumentsWriter


def test_documents_stand_one_a_line(results: Results, tmp_path: Path) -> None:
    """Line breaks of a text do not break the lines of the file."""
    (path,) = DocumentsWriter("jsonl").write(results, tmp_path)
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [row["text"] for row in rows] == [one.text for one in results.documents]
    assert rows[0]["tier"] == 1


def test_documents_are_a_table_nobody_executes(
    results: Results, tmp_path: Path
) -> None:
    """A text that could be a formula is disarmed; the others are unchanged."""
    first, *others = results.documents
    evil = replace(first, title='=HYPERLINK("https://evil.example")')
    changed = replace(results, documents=(evil, *others))
    (path,) = DocumentsWriter("csv").write(changed, tmp_path)
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[0]["title"] == f"'{evil.title}"
    assert [row["document"] for row in rows] == [one.id for one in changed.documents]
