"""What the demo ends with is read from its results."""

from __future__ import annotations

import json
from pathlib import Path

from subak.demo.highlights import highlights

URL = "http://127.77.0.4/li.html"


def _row(field: str, value: object, **more: object) -> dict[str, object]:
    row = {
        "entity": "Liechtenstein",
        "category": "vat",
        "field": field,
        "title": field.upper(),
        "value": value,
        "unit": "%",
        "evidence": [{"url": URL}],
        "status": "same",
        "was": None,
        "was_unit": "",
        "others": [],
    }
    return {**row, **more}


def _lines(folder: Path, facts: list[object], refused: list[object]) -> list[str]:
    (folder / "out").mkdir()
    content = json.dumps({"facts": facts, "refused": refused})
    (folder / "out" / "facts.json").write_text(content)
    return list(highlights(folder))


def test_change_conflict_and_refusal_each_have_a_line(tmp_path: Path) -> None:
    """Old and new value, both sources, and the reason of the refusal are shown."""
    other = {"value": 7.7, "unit": "%", "evidence": [{"url": "http://other/li"}]}
    facts: list[object] = [
        _row("vat", 24, status="changed", was=22, was_unit="%"),
        _row("rate", 8.1, others=[other]),
        _row("old", 1, status="kept"),
    ]
    refusal = {"entity": "Italy", "field": "age", "proposed": "81", "reason": "too big"}
    shown = _lines(tmp_path, facts, [refusal])
    assert shown == [
        "change Liechtenstein, VAT: 22% -> 24%",
        "       since then: 1 changed, 0 new, 1 kept though not confirmed today",
        f"differ Liechtenstein, RATE: 8.1% by {URL}, which counts more, 7.7% by "
        "http://other/li",
        "refuse Italy, age: 81 - too big",
    ]


def test_changes_of_several_categories_come_first(tmp_path: Path) -> None:
    """Four lines show as much as they can."""
    facts: list[object] = [
        _row(name, True, status="changed", was=False, category=category, unit="")
        for name, category in (
            ("a", "x"),
            ("b", "x"),
            ("e", "x"),
            ("c", "y"),
            ("d", "z"),
        )
    ]
    shown = [line for line in _lines(tmp_path, facts, []) if "->" in line]
    assert shown == [
        f"change Liechtenstein, {name}: no -> yes" for name in ("A", "C", "D", "B")
    ]


def test_results_without_news_have_no_lines(tmp_path: Path) -> None:
    """Neither a first day nor a missing or broken file is an error."""
    assert highlights(tmp_path) == ()
    assert _lines(tmp_path, [_row("vat", 8.1)], []) == []
    (tmp_path / "out" / "facts.json").write_text("{")
    assert highlights(tmp_path) == ()
