"""The rows of `make eval`: their mechanics, without a model."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from bench.eval.__main__ import load_all, main
from bench.eval.langextract import _reading
from bench.eval.rows import ROWS
from bench.eval.sentences import measure as measure_sentences
from bench.eval.setting import Setting
from bench.eval.table import to_markdown, to_text, verdict
from bench.row import CannotMeasureError, Check, Conditions, Measured, Result
from subak.evaluation.labelled_set import load_set
from subak.knowledge.documents.document import Document
from tests.evaluation.small_set import DOCUMENTS, write_set

_PAIRS = (
    ("The VAT rate is 19 %.", "The VAT rate is 19 %.", "supported", "plain"),
    ("The VAT rate is 19 %.", "The VAT rate is 21 %.", "unsupported", "number"),
)


def _pairs(path: Path) -> Path:
    keys = ("source", "sentence", "label", "kind")
    lines = [json.dumps(dict(zip(keys, pair, strict=True))) for pair in _PAIRS]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_every_row_has_its_module() -> None:
    """A row that cannot be measured would be found out only by whoever runs it."""
    for row in ROWS:
        assert callable(importlib.import_module(f"bench.eval.{row.key}").measure)


def test_sentence_pairs_become_shares_by_kind(tmp_path: Path) -> None:
    """What is let through and what is accepted are told apart."""
    file = _pairs(tmp_path / "pairs.jsonl")
    measured = measure_sentences(Setting(Conditions(tmp_path), pairs=(file,)))
    assert [check.is_met for check in measured.checks] == [True, True]
    assert measured.raw == {"pairs": {"number": (0, 1), "plain": (1, 1)}}


def test_wrong_line_of_pairs_is_told_with_its_number(tmp_path: Path) -> None:
    """A label that is none is no pair."""
    file = _pairs(tmp_path / "pairs.jsonl")
    file.write_text(file.read_text() + '{"source": "a", "label": "maybe"}\n')
    with pytest.raises(CannotMeasureError, match=r"pairs\.jsonl:3"):
        measure_sentences(Setting(Conditions(tmp_path), pairs=(file,)))


def test_single_row_is_measured_kept_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code tells whether every figure is met."""
    file, kept = _pairs(tmp_path / "pairs.jsonl"), tmp_path / "kept"
    words = ["sentences", "--pairs", str(file), "--kept", str(kept)]
    assert main(words) == 0
    assert "unsupported sentences let through" in capsys.readouterr().out
    assert [result.row for result in load_all(kept)] == ["sentences"]
    assert main(["--report", *words]) == 0


def test_unchanged_corpus_costs_no_call_and_a_change_only_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The row's own targets hold with the model that needs no weights."""
    assert main(["again", "--quick", "--kept", str(tmp_path)]) == 0
    assert "calls for an unchanged corpus" in capsys.readouterr().out


def test_articles_are_counted_sentence_by_sentence(tmp_path: Path) -> None:
    """A sentence without a citation, or too many literal ones, are short."""
    cited = [{"url": "u"}]
    sentences = [
        {"text": "a", "verdict": "rewritten", "citations": cited},
        {"text": "b", "verdict": "literal", "citations": []},
    ]
    article = {"sections": [{"heading": "", "sentences": sentences}]}
    (tmp_path / "tax.json").write_text(json.dumps(article))
    words = ["articles", "--articles", str(tmp_path), "--kept", str(tmp_path / "k")]
    assert main(words) == 3
    (result,) = load_all(tmp_path / "k")
    assert result.measured is not None
    assert [check.measured for check in result.measured.checks] == [
        "1 of 2",
        "50% (1 of 2)",
    ]


def test_table_says_short_and_puts_designs_side_by_side() -> None:
    """A figure that is not met is SHORT; scores become columns."""
    short = Check("accuracy", ">= 0.95", "0.90", is_met=False)
    results = [
        Result("own", "measured", Measured((short,), {"score": {"accuracy": 0.9}})),
        Result("old_way", "measured", Measured((), {"score": {"accuracy": 0.8}})),
        Result("found", "skipped", reason="no wheel"),
    ]
    assert "SHORT" in to_text(results)
    shown = to_markdown(results, {"machine": "a small one"})
    assert "| accuracy | 0.9 | 0.8 |" in shown
    assert "| accuracy | >= 0.95 | 0.90 | SHORT |" in shown
    assert verdict(results).startswith("0 of 1 figures met; skipped: found")


def test_peer_extractions_become_values_with_their_spans(tmp_path: Path) -> None:
    """The first of a class counts; its span is where the peer aligned it."""
    labelled = load_set(write_set(tmp_path / "mine"))
    text = DOCUMENTS["norland.md"]
    row = {
        "name": "norland.md",
        "seconds": 2.0,
        "found": [
            {"class": "vat", "attributes": {"value": "18 %"}, "start": 11, "end": 31},
            {"class": "vat", "attributes": {"value": "25"}, "start": 33, "end": 60},
            {"class": "company", "attributes": {}, "start": None, "end": None},
        ],
    }
    found = _reading(row, labelled, Document("d", "u", "t", text))
    (vat,) = found.asserted
    assert (vat.value, vat.evidence[0].quote) == (18, text[11:31])
    assert _reading({"problem": "no JSON"}, labelled, Document("d", "", "", "")).problem
