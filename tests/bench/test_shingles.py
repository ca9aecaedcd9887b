"""Labelled texts are compared as the benchmark they come from does."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bench.row import CannotMeasureError, Conditions
from bench.rows import extraction
from bench.shingles import quality


def test_quality_counts_runs_of_four_words() -> None:
    """Precision and recall are means over pages, F1 is taken of the means."""
    labels = {"a": "one two three four five", "b": "some text that was not found"}
    found = quality(labels, {"a": "one two, three four five six seven"})
    assert found.precision == pytest.approx((2 / 4 + 0) / 2)
    assert found.recall == pytest.approx((2 / 2 + 0) / 2)
    assert found.f1 == pytest.approx(2 * 0.25 * 0.5 / 0.75)


def test_quality_of_the_same_text_is_whole() -> None:
    """Case counts, punctuation doesn't; texts shorter than a run count too."""
    assert quality({"a": "Two words"}, {"a": "Two - words!"}).f1 == 1
    assert quality({"a": "Two words"}, {"a": "two words"}).f1 == 0


def test_extraction_row_measures_a_folder_of_labelled_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both extractors read every page; nothing is left out."""
    text = "The council decided that the fee would not change before the summer. "
    page = f"<html><body><article><h1>Fee</h1><p>{text * 6}</p></article></body></html>"
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "k.html.gz").write_bytes(gzip.compress(page.encode()))
    truth = {"k": {"articleBody": text * 6, "url": "https://site.example/fee"}}
    (tmp_path / "ground-truth.json").write_text(json.dumps(truth))
    monkeypatch.setenv(extraction.FOLDER, str(tmp_path))
    measured = extraction.measure(Conditions(tmp_path))
    assert measured.raw["pages"] == 1
    assert measured.checks[0].is_met


def test_extraction_row_without_labels_tells_how_to_get_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is skipped, with a command to type."""
    monkeypatch.setenv(extraction.FOLDER, str(tmp_path / "none"))
    with pytest.raises(CannotMeasureError, match="git clone"):
        extraction.measure(Conditions(tmp_path))
