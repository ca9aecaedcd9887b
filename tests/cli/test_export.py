"""`subak export`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from subak.api import RunRequest, run
from subak.cli.export import export
from subak.errors import UserError
from tests.job.serving import served, write_job


def _export(*words: object) -> str:
    runner = CliRunner()
    return runner.invoke(export, list(map(str, words)), catch_exceptions=False).stdout


def test_export_prints_the_files(tmp_path: Path) -> None:
    """Paths on stdout, or one JSON object with the figures."""
    folder = tmp_path / "job"
    with served() as (site, _):
        run(RunRequest(str(write_job(folder, site, "echo")), workers=0))
    target = tmp_path / "job.sqlite"
    assert _export(folder, "--to", "sqlite", "--out", target) == f"{target}\n"
    told = json.loads(_export(folder, "--to", "csv", "--out", tmp_path, "--json"))
    assert told["version"] == 1
    assert told["format"] == "csv"
    assert (told["facts"], told["documents"], told["articles"]) == (6, 3, 1)
    assert told["outputs"] == [
        str(tmp_path / name) for name in ("facts.csv", "documents.csv")
    ]


def test_export_says_when_there_is_nothing(tmp_path: Path) -> None:
    """A folder that is no workspace is an error with a way out."""
    with pytest.raises(UserError):
        _export(tmp_path, "--to", "csv", "--out", tmp_path / "out")
