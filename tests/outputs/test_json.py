"""facts.json and facts.jsonl: everything, verbatim, in one stable order."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.knowledge.facts.fact import Evidence, Fact, FieldValue, Record
from subak.knowledge.results import Results
from subak.outputs.json import JsonWriter
from subak.outputs.json_text import json_text
from subak.outputs.jsonl import JsonlWriter


def test_json_file_has_the_documented_shape(results: Results, tmp_path: Path) -> None:
    """The top level and one fact are exactly as documented."""
    (path,) = JsonWriter().write(results, tmp_path)
    content = json.loads(path.read_bytes())
    assert list(content) == ["version", "recipe", "generated_at", "facts", "refused"]
    assert (content["version"], content["recipe"]) == (1, "intel")
    assert content["generated_at"] == "2026-11-22T06:00:00Z"
    vat = next(one for one in content["facts"] if one["value"] == 19.0)
    document = next(one for one in results.documents if "tax.example" in one.url)
    start = document.text.index("The standard rate")
    assert vat == {
        "entity": "Germany",
        "category": "taxation",
        "field": "vat",
        "title": "Standard VAT rate",
        "value": 19.0,
        "unit": "%",
        "level": "evidence",
        "statement": "Germany: vat is 19.0 %",
        "evidence": [
            {
                "url": document.url,
                "document": document.id,
                "start": start,
                "end": start + 32,
                "quote": "The standard rate of VAT is 19%.",
                "repair": "",
            }
        ],
        "status": "new",
        "confirmed": True,
        "since": "2026-11-22",
        "was": None,
        "was_unit": "",
        "was_until": "",
        "was_seen": "",
        "last_confirmed": "",
        "valid_from": "",
        "valid_to": "",
        "year": None,
        "sources": [document.url],
        "others": [],
    }
    assert content["refused"][0]["reason"] == "The source says nothing about fees."
    assert path.read_bytes().endswith(b"}\n")


def test_json_facts_are_sorted_whatever_the_order(
    results: Results, tmp_path: Path
) -> None:
    """Records in another order give the same bytes."""
    turned = replace(results, records=results.records[::-1])
    (first,) = JsonWriter().write(results, tmp_path / "a")
    (second,) = JsonWriter().write(turned, tmp_path / "b")
    assert first.read_bytes() == second.read_bytes()


def test_jsonl_holds_the_same_facts(results: Results, tmp_path: Path) -> None:
    """Each line is one fact of facts.json, in the same order."""
    (whole,) = JsonWriter().write(results, tmp_path)
    (lines,) = JsonlWriter().write(results, tmp_path)
    rows = [json.loads(line) for line in lines.read_bytes().splitlines()]
    assert rows == json.loads(whole.read_bytes())["facts"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", "a\u202eb"])
def test_json_survives_strange_values(
    results: Results, tmp_path: Path, value: FieldValue
) -> None:
    """Values that JSON or UTF-8 cannot hold as they are do not break the file."""
    fact = Fact("E", "c", "f", value, "", "derived", (Evidence("d", "u", 0, 1, "x"),))
    record = Record("d", "u", "E", "c", (fact,))
    (path,) = JsonWriter().write(replace(results, records=(record,)), tmp_path)
    assert json.loads(path.read_bytes())["facts"][0]["value"] == str(value)


@settings(deadline=None)
@given(st.text(alphabet=st.characters()))
def test_json_text_is_lossless(text: str) -> None:
    """Escaping what is invisible keeps the value."""
    assert json.loads(json_text(text)) == text


def test_json_text_shows_invisible_characters() -> None:
    """A reader of the file sees marks that turn or hide text."""
    assert json_text("a\u202eb\u200b") == '"a\\u202eb\\u200b"'
