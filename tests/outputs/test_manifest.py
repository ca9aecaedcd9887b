"""Manifest: tidies up its own files and never any other."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from subak.errors import StorageError
from subak.outputs.manifest import Manifest


def _file(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def _list(folder: Path, *names: object) -> None:
    content = json.dumps({"version": 1, "files": list(names)})
    (folder / ".manifest.json").write_text(content, encoding="utf-8")


def test_manifest_removes_what_no_longer_belongs(tmp_path: Path) -> None:
    """A page of the last run that this run did not write goes."""
    old, new = _file(tmp_path / "site/old.html"), _file(tmp_path / "site/new.html")
    manifest = Manifest(tmp_path)
    manifest.settle([old, new])
    assert manifest.settle([new]) == [old]
    assert not old.exists()
    assert new.exists()


def test_manifest_keeps_files_it_never_listed(tmp_path: Path) -> None:
    """What a person put into the folder stays."""
    mine = _file(tmp_path / "site/CNAME")
    new = _file(tmp_path / "site/new.html")
    assert Manifest(tmp_path).settle([new]) == []
    assert mine.exists()


def test_manifest_keeps_data_files(tmp_path: Path) -> None:
    """Only site/ and articles/ are tidied; a dropped format keeps its file."""
    data = _file(tmp_path / "facts.json")
    manifest = Manifest(tmp_path)
    manifest.settle([data])
    assert manifest.settle([]) == []
    assert data.exists()


@pytest.mark.parametrize(
    "name",
    [
        "../precious.txt",
        "site/../../precious.txt",
        "/precious.txt",
        "site",
        "",
        ".",
        "articles/../facts.json",
        "site/\0",
        "site/link/precious.txt",
        7,
    ],
    ids=ascii,
)
def test_manifest_trusts_no_listed_name(tmp_path: Path, name: object) -> None:
    """A list that was tampered with removes nothing outside."""
    precious = _file(tmp_path / "precious.txt")
    folder = tmp_path / "out"
    data = _file(folder / "facts.json")
    _file(folder / "site/a.html")
    (folder / "site/link").symlink_to(tmp_path)
    _list(folder, name)
    assert Manifest(folder).settle([]) == []
    assert precious.exists()
    assert data.exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"files": 3}', b"\xff"])
def test_manifest_takes_a_damaged_list_for_an_empty_one(
    tmp_path: Path, content: bytes
) -> None:
    """Without a readable list nothing is removed, and a new list is written."""
    page = _file(tmp_path / "site/a.html")
    (tmp_path / ".manifest.json").write_bytes(content)
    assert Manifest(tmp_path).settle([]) == []
    assert page.exists()
    assert json.loads((tmp_path / ".manifest.json").read_bytes())["files"] == []


def test_manifest_remembers_files_noted_before_a_kill(tmp_path: Path) -> None:
    """Files of a run that never settled are tidied by the next one."""
    half = _file(tmp_path / "articles/half.md")
    Manifest(tmp_path).note([half])
    assert Manifest(tmp_path).settle([]) == [half]


def test_manifest_survives_links_that_lead_nowhere(tmp_path: Path) -> None:
    """A folder that became a loop is left alone."""
    manifest = Manifest(tmp_path)
    manifest.settle([_file(tmp_path / "site/a.html")])
    (tmp_path / "site").rename(tmp_path / "kept")
    (tmp_path / "site").symlink_to("site")
    assert manifest.settle([]) == []


def test_manifest_says_when_a_file_cannot_be_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A refusal of the system is an error with the file and a way out."""

    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    page = _file(tmp_path / "site/a.html")
    manifest = Manifest(tmp_path)
    manifest.settle([page])
    monkeypatch.setattr(os, "unlink", refuse)
    with pytest.raises(StorageError) as caught:
        manifest.settle([])
    assert caught.value.where == str(page)
    assert "chmod" in caught.value.hint
