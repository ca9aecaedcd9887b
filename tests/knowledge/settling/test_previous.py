"""PreviousData: yesterday's file by a mapping, in every format, without trust in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from subak.errors import UserError
from subak.knowledge.facts.ranges import Range
from subak.knowledge.facts.schema import Field
from subak.knowledge.settling.previous import PreviousMap, read_previous, without_file

FIELDS = {
    one.name: one
    for one in (
        Field("vat", "VAT", "percent", statement="VAT of {entity} is {value}."),
        Field("due", "Due", "text"),
        Field("worldwide", "Worldwide", "boolean"),
        Field("brackets", "Brackets", "ranges"),
        Field("threshold", "Threshold", "money"),
    )
}
MAP = PreviousMap(
    category="tax",
    fields={
        "vat.standard": "vat",
        "due": "due",
        "worldwide": "worldwide",
        "income.brackets": "brackets",
        "income.from": "threshold",
        "hasVAT": "vat?",
    },
    date="2025-06-30",
)
GERMANY = {
    "name": "Germany",
    "vat": {"standard": 19},
    "due": " 31  July ",
    "worldwide": True,
    "income": {
        "from": "277826",
        "brackets": [
            {"min": 0, "max": 100, "rate": 0},
            {"min": 101, "max": None, "rate": 45},
        ],
    },
}


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_values_are_read_by_their_paths(tmp_path: Path) -> None:
    """Each has its kind, the file's date, and no quote."""
    path = _write(tmp_path, "old.json", json.dumps([GERMANY]))
    values = read_previous(path, MAP).values(FIELDS)
    assert {name: past.fact.value for (_, name), past in values.items()} == {
        "vat": 19,
        "due": "31 July",
        "worldwide": True,
        "brackets": (Range(0, 100, 0), Range(100, None, 45)),
        "threshold": 277826,
    }
    vat = values["Germany", "vat"]
    assert (vat.edition, vat.since, vat.confirmed) == (0, "2025-06-30", "2025-06-30")
    assert (vat.fact.level, vat.fact.evidence, vat.fact.unit) == ("given", (), "%")
    assert vat.fact.statement == "VAT of Germany is 19%."


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.js",
            "export const taxData = {x: {name: 'Germania', vat: {standard: 19}}};",
        ),
        ("a.mjs", "export default [{name: 'Germany', vat: {standard: '19%'}}]"),
        ("a.json", '{"DE": {"name": "Germany", "vat": {"standard": 19.0}}}'),
        ("a.jsonl", '{"name": "Germany", "vat": {"standard": 19}}\n\n{"name": ""}\n'),
        ("a.csv", "\ufeffname,vat.standard\r\nGermany,19\r\n"),
    ],
)
def test_every_format_gives_the_same_value(
    tmp_path: Path, name: str, text: str
) -> None:
    """Names in other languages are the same country."""
    values = read_previous(_write(tmp_path, name, text), MAP).values(FIELDS)
    assert {key: past.fact.value for key, past in values.items()} == {
        ("Germany", "vat"): 19
    }


def test_a_record_may_be_named_by_its_key(tmp_path: Path) -> None:
    """A table by name needs no name inside."""
    path = _write(tmp_path, "a.js", "const d = {Italy: {vat: 22}, 'Utopia': {vat: 1}}")
    mapping = PreviousMap("tax", "", {"vat": "vat"})
    values = read_previous(path, mapping).values(FIELDS)
    assert set(values) == {("Italy", "vat"), ("Utopia", "vat")}


@pytest.mark.parametrize(
    "value", [None, "n/a", "", [], {}, True, "nan", float("inf"), "1,5"]
)
def test_what_is_no_value_of_its_kind_is_none(tmp_path: Path, value: object) -> None:
    """Placeholders of the old file are not published."""
    rows = [
        {"name": "Italy", "vat": {"standard": value}, "income": {"brackets": value}}
    ]
    path = _write(tmp_path, "a.json", json.dumps(rows))
    assert read_previous(path, MAP).values(FIELDS) == {}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.js", "export const a = [f()]", "expected a value"),
        ("a.json", "[{'name': 5}]", "no records"),
        ("a.json", "5", "no records"),
        ("a.jsonl", "{}\n{", "not valid JSON"),
        ("a.csv", "", "no records"),
        ("none.js", "", "cannot read"),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    """Place and way out are told."""
    if name != "none.js":
        _write(tmp_path, name, text)
    with pytest.raises(UserError) as caught:
        read_previous(tmp_path / name, MAP)
    assert message in caught.value.message
    assert name in caught.value.where


def test_bytes_that_are_no_text_are_an_error(tmp_path: Path) -> None:
    """A binary file is not guessed at."""
    (tmp_path / "a.js").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="cannot read"):
        read_previous(tmp_path / "a.js", MAP)


@pytest.mark.parametrize(
    ("name", "file"),
    [("tax", "taxData.js"), ("eu-vat_rates", "euVatRatesData.js"), ("51", "data.js")],
)
def test_a_new_file_is_called_by_the_recipe(name: str, file: str) -> None:
    """The name is one JavaScript can declare."""
    made = without_file(name, MAP)
    assert made.file == file
    assert made.module.head == f"export const {file.removesuffix('.js')} = "
