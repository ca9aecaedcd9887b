"""export: the journal alone gives what the run published, in any format."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from subak.api import RunRequest, export, run
from subak.engine.lock import WorkspaceLock
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.errors import UserError
from tests.job.serving import served, write_job


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder where the main job ran once; its server is gone."""
    folder = tmp_path_factory.mktemp("export") / "job"
    with served() as (site, _):
        run(RunRequest(str(write_job(folder, site, "echo")), workers=0))
    return folder


def _bytes(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", ["json", "jsonl", "csv", "markdown", "website"])
def test_export_gives_the_bytes_that_were_published(
    workspace: Path, tmp_path: Path, name: str
) -> None:
    """What a run wrote in a format is written again, to the byte."""
    made = export(workspace, name, tmp_path)
    published = _bytes(workspace / "out")
    for path, data in _bytes(tmp_path).items():
        if not path.startswith("documents."):
            assert published[path] == data, path
    assert made.facts == 6
    assert made.paths[0].is_file()


def test_export_asks_nobody_and_changes_nothing(
    workspace: Path, tmp_path: Path
) -> None:
    """No call is added, and a workspace that is at work can be read."""
    journal = Workspace(workspace).journal

    def calls() -> object:
        with closing(open_reader(journal)) as database:
            return database.execute("SELECT count(*) FROM call").get

    before = calls()
    with WorkspaceLock(Workspace(workspace)):
        export(workspace, "sqlite", tmp_path / "job.sqlite")
    assert calls() == before
    with closing(sqlite3.connect(tmp_path / "job.sqlite")) as database:
        query = "SELECT number FROM facts_now WHERE entity = 'Italy' AND field = 'vat'"
        assert database.execute(query).fetchall() == [(22.0,)]
        about = dict(database.execute("SELECT name, value FROM about").fetchall())
    assert about["recipe"] == "job"


def test_export_adds_documents_to_tables_of_text(
    workspace: Path, tmp_path: Path
) -> None:
    """CSV and JSON Lines come with the documents that prove the facts."""
    export(workspace, "csv", tmp_path)
    export(workspace, "jsonl", tmp_path)
    with (tmp_path / "documents.csv").open(newline="", encoding="utf-8") as file:
        assert {row["entity"] for row in csv.DictReader(file)} == {
            "Germany",
            "Italy",
            "Kenya",
        }
    lines = (tmp_path / "documents.jsonl").read_text("utf-8").splitlines()
    assert "value added tax" in json.loads(lines[0])["text"]


def test_export_can_add_what_nothing_cites(tmp_path: Path) -> None:
    """All documents that the run read, on request."""
    with served() as (site, _):
        site.pages["/kenya"] = (
            "<html><head><title>Kenya</title></head><body><article><h1>Kenya</h1>"
            "<p>The roads were mended in spring, and the harvest of that year was good"
            " enough for everybody who lives there.</p></article></body></html>"
        )
        run(RunRequest(str(write_job(tmp_path / "job", site, "echo")), workers=0))
    cited = export(tmp_path / "job", "jsonl", tmp_path / "cited")
    every = export(tmp_path / "job", "jsonl", tmp_path / "all", all_documents=True)
    assert (cited.documents, every.documents) == (2, 3)


@pytest.mark.parametrize(
    ("to", "out", "hint"),
    [
        ("sqlit", "x", "did you mean 'sqlite'?"),
        ("nothing", "x", "one of json"),
        ("csv", "x.csv", "subak export --to csv --out x"),
    ],
)
def test_export_refuses_what_it_cannot_write(
    workspace: Path, tmp_path: Path, to: str, out: str, hint: str
) -> None:
    """Unknown formats and impossible places are told before anything is read."""
    with pytest.raises(UserError) as caught:
        export(workspace, to, tmp_path / out)
    assert caught.value.hint.startswith(hint)
    assert not (tmp_path / out).exists()


def test_export_needs_a_workspace(tmp_path: Path) -> None:
    """A folder without a journal is named, with what to type."""
    with pytest.raises(UserError) as caught:
        export(tmp_path, "sqlite", tmp_path / "x")
    assert "no journal" in str(caught.value)
    assert "subak run" in caught.value.hint
