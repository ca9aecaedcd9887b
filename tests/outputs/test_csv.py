"""facts.csv: a table no spreadsheet executes, with numbers left as numbers."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from subak.knowledge.facts.fact import Evidence, Fact, FieldValue, Record
from subak.knowledge.results import Results
from subak.outputs.csv import CsvWriter


def _written(results: Results, folder: Path, value: FieldValue) -> dict[str, str]:
    evidence = Evidence("d", "https://example.com", 0, 1, "x")
    fact = Fact("E", "c", "f", value, "", "evidence", (evidence,))
    record = Record("d", "https://example.com", "E", "c", (fact,))
    CsvWriter().write(replace(results, records=(record,)), folder)
    return _rows(folder)[0]


def _rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "facts.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("https://evil.example")',
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        " =1+1",
        "\uff1d1+1",
        "\uff0b1",
        "-2+3+cmd|' /C calc'!A0",
        "=1;=2",
        "- item",
    ],
    ids=ascii,
)
def test_csv_disarms_formulas(results: Results, tmp_path: Path, cell: str) -> None:
    """A text that could be a formula is shown as text."""
    assert _written(results, tmp_path, cell)["value"] == f"'{cell}"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-3.5, "-3.5"),
        (19, "19"),
        ("-3.5", "-3.5"),
        ("+12%", "+12%"),
        (True, "true"),
        (False, "false"),
        ("31 July", "31 July"),
        ("a=b", "a=b"),
    ],
)
def test_csv_keeps_numbers_and_plain_text(
    results: Results, tmp_path: Path, value: FieldValue, cell: str
) -> None:
    """Negative numbers stay numbers; harmless text stays itself."""
    assert _written(results, tmp_path, value)["value"] == cell


def test_csv_quotes_all_text(results: Results, tmp_path: Path) -> None:
    """A reader that splits at semicolons finds no cell inside a text."""
    _written(results, tmp_path, "a;=1+1")
    assert '"a;=1+1"' in (tmp_path / "facts.csv").read_text(encoding="utf-8")


def test_csv_holds_a_row_for_each_fact(results: Results, tmp_path: Path) -> None:
    """Every field of the sample has its row with its first quote."""
    CsvWriter().write(results, tmp_path)
    rows = _rows(tmp_path)
    assert len(rows) == 10
    vat = next(
        row for row in rows if (row["entity"], row["field"]) == ("France", "vat")
    )
    assert vat["title"] == "Standard VAT rate"
    assert (vat["value"], vat["unit"]) == ("20.0", "%")
    assert vat["quote"] == "The normal rate of VAT is 20%"


def test_csv_writes_a_fact_without_evidence(results: Results, tmp_path: Path) -> None:
    """A fact that lost its proof still has all columns."""
    fact = Fact("E", "c", "f", 1, "", "derived", ())
    record = Record("d", "u", "E", "c", (fact,))
    CsvWriter().write(replace(results, records=(record,)), tmp_path)
    assert _rows(tmp_path)[0]["quotes"] == "0"
