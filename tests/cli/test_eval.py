"""`subak eval` and `subak verify` as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from subak.cli.main import execute
from tests.evaluation.small_set import DOCUMENTS, SCHEMA, write_set

_ECHO = ["--model", "echo"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a set, a record and its document."""
    monkeypatch.chdir(tmp_path)
    write_set(tmp_path / "mine")
    (tmp_path / "page.md").write_text(DOCUMENTS["norland.md"])
    (tmp_path / "schema.toml").write_text(SCHEMA)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_eval_prints_designs_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    """A column for each trial, a line for each figure, then the fields."""
    designs = ["--design", "facts", "--design", "one-prompt"]
    assert execute(["eval", "mine", *_ECHO, *designs, "--misses"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["echo", "facts", "echo", "one-prompt"]
    accuracy = next(line for line in lines if line.startswith("accuracy"))
    assert "1.000 (4/4)" in accuracy
    assert any(line.split()[:2] == ["vat", "2/2"] for line in lines)
    assert "not right: echo one-prompt" in lines
    assert "not right: echo facts" not in lines


@pytest.mark.usefixtures("folder")
def test_eval_json_holds_every_item(capsys: pytest.CaptureFixture[str]) -> None:
    """Programs get the items and the parts of the score."""
    assert execute(["eval", "mine", *_ECHO, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (trial,) = told["trials"]
    assert told["version"] == 1
    assert trial["score"]["accuracy"] == 1
    assert (trial["short"]["documents"], trial["long"]["documents"]) == (1, 1)
    assert {item["verdict"] for item in trial["items"]} == {"right"}


@pytest.mark.usefixtures("folder")
def test_eval_tells_what_is_wrong_with_a_set(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An unknown set is a usage error that names those that ship."""
    assert execute(["eval", "other", *_ECHO]) == 2
    assert "shipped: tax" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("record", "code", "shown"),
    [
        ({"vat": 18}, 0, "proved"),
        ({"vat": 0.18}, 0, "repaired"),
        ({"vat": 25}, 3, "refused"),
        ({"facts": [{"field": "vat", "value": 18}]}, 0, "proved"),
        ({"vta": 18}, 2, ""),
    ],
)
def test_verify_judges_a_record(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    record: dict[str, object],
    code: int,
    shown: str,
) -> None:
    """The exit code tells whether all is proved; each value comes with its quote."""
    (folder / "record.json").write_text(json.dumps(record))
    words = ["verify", "record.json", "page.md", "--schema", "schema.toml"]
    assert execute([*words, "--entity", "Norland"]) == code
    assert capsys.readouterr().out.startswith(shown)


def test_verify_json_has_offsets_of_the_text(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The quote can be found by its offsets."""
    (folder / "record.json").write_text('{"vat": 18}')
    words = ["verify", "record.json", "page.md", "--schema", "schema.toml", "--json"]
    assert execute([*words, "--entity", "Norland"]) == 0
    told = json.loads(capsys.readouterr().out)
    value = next(each for each in told["values"] if each["field"] == "vat")
    quote = value["evidence"][0]
    text = DOCUMENTS["norland.md"].rstrip("\n")
    assert text[quote["start"] : quote["end"]] == quote["quote"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("record.json", "[1, 2]", "not an object"),
        ("record.json", "{", "not valid JSON"),
        ("schema.toml", "name = 'x'", "one [[facts]]"),
    ],
)
def test_verify_tells_what_is_wrong_with_its_files(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    text: str,
    message: str,
) -> None:
    """Which file, and what about it."""
    (folder / "record.json").write_text('{"vat": 18}')
    (folder / name).write_text(text)
    words = ["verify", "record.json", "page.md", "--schema", "schema.toml"]
    assert execute(words) == 2
    told = capsys.readouterr().err
    assert message in told
    assert name in told
