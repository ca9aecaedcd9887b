"""The ES module: the old file with today's proved values, and a proof beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from subak.knowledge.facts.ranges import Range
from subak.knowledge.results import Results
from subak.knowledge.settling.module_file import read_json, read_module
from subak.knowledge.settling.previous import PreviousMap, read_previous
from subak.knowledge.settling.settlement import Settled
from subak.outputs.esmodule import EsModuleWriter
from tests.outputs.settled_results import find_fact, second_day

OLD = """// Taxes, do not edit by hand
export const taxData = {
  FR: {
    name: 'France', code: 'FR', system: 'unknown',
    vat: { standard: 20.6, reduced: 5.5 }, // kept
    top: "49 %",
    brackets: [
      { min: 0, max: 10_000, rate: 0 },
      { min: 10001, max: Infinity, rate: 40 },
    ],
  },
  DE: { name: 'Germany', vat: { standard: 16, reduced: 7 }, hasVAT: 0, note: "it's" },
};

export default taxData;
"""
MAP = PreviousMap(
    category="taxation",
    fields={
        "vat.standard": "vat",
        "top": "top_rate",
        "from": "threshold",
        "hasVAT": "vat?",
        "brackets": "brackets",
        "system": "brackets.system",
    },
)
BRACKETS = (Range(0, 11600, 0), Range(11600, None, 45))


def _with_file(results: Results, folder: Path, name: str, text: str) -> Results:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return replace(second_day(results), previous=read_previous(path, MAP))


def _written(results: Results, folder: Path) -> tuple[str, dict[str, object]]:
    module, proof = EsModuleWriter().write(results, folder / "out")
    return module.read_text(encoding="utf-8"), json.loads(proof.read_bytes())


def test_module_keeps_its_order_and_what_is_not_proved(
    results: Results, tmp_path: Path
) -> None:
    """Head, tail, keys, quotes and unmapped values stay; proved ones are new."""
    old = _with_file(results, tmp_path, "taxData.js", OLD)
    text, _ = _written(old, tmp_path)
    assert text.startswith(
        "// Taxes, do not edit by hand\nexport const taxData = {\n  FR"
    )
    assert text.endswith("};\n\nexport default taxData;\n")
    assert "note: 'it\\'s'" in text
    data = read_module(text, where="x").data
    assert isinstance(data, dict)
    assert list(data) == ["FR", "DE"]
    assert data["DE"] == {
        "name": "Germany",
        "vat": {"standard": 19, "reduced": 7},
        "hasVAT": True,
        "note": "it's",
    }
    assert list(data["FR"])[:4] == ["name", "code", "system", "vat"]
    assert data["FR"]["vat"] == {"standard": 20.6, "reduced": 5.5}
    assert (data["FR"]["top"], data["FR"]["from"]) == (45, 181917)
    assert data["FR"]["system"] == "unknown"
    assert data["FR"]["brackets"][1] == {"min": 10001, "max": float("inf"), "rate": 40}


def test_proof_tells_of_every_mapped_value(results: Results, tmp_path: Path) -> None:
    """A quote for what is proved; what is not says so."""
    old = _with_file(results, tmp_path, "taxData.js", OLD)
    _, proof = _written(old, tmp_path)
    records = proof["records"]
    assert isinstance(records, dict)
    vat = records["Germany"]["vat.standard"]
    assert (vat["confirmed"], vat["was"], vat["value"]) == (True, 16.0, 19.0)
    assert vat["evidence"][0]["quote"] == "The standard rate of VAT is 19%."
    assert records["France"]["from"]["last_confirmed"] == "2026-11-20"
    assert records["Germany"]["top"] == {
        "field": "top_rate",
        "value": None,
        "confirmed": False,
    }
    assert records["France"]["brackets"]["value"][1]["max"] is None


def test_ranges_are_written_as_the_file_writes_them(
    results: Results, tmp_path: Path
) -> None:
    """Infinity, the gap of one, and what follows: the system is progressive."""
    old = _with_file(results, tmp_path, "taxData.js", OLD)
    fact = replace(
        find_fact(results, "France", "vat"), field="brackets", value=BRACKETS
    )
    text, _ = _written(replace(old, settled=(Settled(fact, "new"),)), tmp_path)
    assert (
        "[{ min: 0, max: 11600, rate: 0 }, { min: 11601, max: Infinity, rate: 45 }]"
        in text
    )
    assert "system: 'progressive'" in text


def test_new_entities_come_after_the_old(results: Results, tmp_path: Path) -> None:
    """A country that the file did not have gets a record of what is proved."""
    old = _with_file(results, tmp_path, "a.js", "const d = [{name: 'France', x: 1}]\n")
    text, _ = _written(old, tmp_path)
    data = read_module(text, where="x").data
    assert data == [
        {"name": "France", "x": 1, "top": 45, "from": 181917},
        {"name": "Germany", "vat": {"standard": 19}, "hasVAT": True},
    ]


@pytest.mark.parametrize(
    ("name", "text", "file"),
    [
        ("old.json", '{\n    "a": {"name": "France", "top": 40}\n}\n', "old.json"),
        ("old.csv", "name,top,vat.standard\nFrance,40,20\n", "old.json"),
        ("old.jsonl", '{"name": "France", "top": 40}\n', "old.json"),
    ],
)
def test_files_of_data_become_json(
    results: Results, tmp_path: Path, name: str, text: str, file: str
) -> None:
    """JSON stays JSON; a flat table stays flat."""
    module, proof = EsModuleWriter().write(
        _with_file(results, tmp_path, name, text), tmp_path / "out"
    )
    assert (module.name, proof.name) == (file, "old.proof.json")
    data = json.loads(module.read_bytes())
    record = data["a"] if isinstance(data, dict) else data[0]
    assert record["top"] == 45
    assert read_json(module.read_text(), where="x").data == data


def test_without_a_file_all_fields_are_written(
    results: Results, tmp_path: Path
) -> None:
    """A first file is called by the recipe, with a record for each entity."""
    text, proof = _written(second_day(results), tmp_path)
    assert text.startswith("export const intelData = [\n")
    data = read_module(text, where="x").data
    assert isinstance(data, list)
    assert data[2] == {"name": "Germany", "vat": 19}
    assert proof["file"] == "intelData.js"


def test_the_file_written_is_read_again_as_it_is(
    results: Results, tmp_path: Path
) -> None:
    """What was written may be the previous file of another workspace."""
    old = _with_file(results, tmp_path, "taxData.js", OLD)
    first, _ = _written(old, tmp_path)
    again, _ = _written(_with_file(results, tmp_path, "taxData.js", first), tmp_path)
    assert again == first


@pytest.mark.parametrize(
    "evil", ["</script>", "'; alert(1); '", "\\", "\u2028", "`${x}`", '"']
)
def test_foreign_text_stays_a_string(
    results: Results, tmp_path: Path, evil: str
) -> None:
    """Nothing that a page says can end the string it stands in."""
    fact = replace(find_fact(results, "France", "top_rate"), value=f"a{evil}b")
    for quote in "'\"":
        text = f"const d = [{{name: {quote}France{quote}}}]"
        old = _with_file(results, tmp_path, "a.js", text)
        written, _ = _written(replace(old, settled=(Settled(fact, "new"),)), tmp_path)
        data = read_module(written, where="x").data
        assert data == [{"name": "France", "top": f"a{evil}b"}]
        assert "\u2028" not in written


def test_a_name_cannot_set_the_prototype(results: Results, tmp_path: Path) -> None:
    """An entity of that name is a key like any other."""
    fact = replace(find_fact(results, "France", "top_rate"), entity="__proto__")
    old = _with_file(results, tmp_path, "a.js", "const d = {FR: {name: 'France'}}")
    text, _ = _written(replace(old, settled=(Settled(fact, "new"),)), tmp_path)
    assert '["__proto__"]: {' in text
