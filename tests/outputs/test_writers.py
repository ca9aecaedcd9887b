"""The contract of every writer: whole files, equal bytes, nothing written twice."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from subak.errors import StorageError
from subak.knowledge.results import Results
from subak.outputs.writer import Writer
from subak.outputs.writers import WRITERS

ALL = pytest.mark.parametrize("writer", WRITERS.values(), ids=list(WRITERS))


class Killed(BaseException):
    """Stands for a process that ends at this very line."""


def _bytes(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@ALL
def test_writer_returns_exactly_its_files(
    results: Results, tmp_path: Path, writer: Writer
) -> None:
    """What comes back is what was made."""
    paths = writer.write(results, tmp_path)
    names = [path.relative_to(tmp_path).as_posix() for path in paths]
    assert sorted(names) == sorted(_bytes(tmp_path))


@ALL
def test_writer_gives_equal_bytes(
    results: Results, tmp_path: Path, writer: Writer
) -> None:
    """Equal results give equal bytes, wherever they go."""
    writer.write(results, tmp_path / "a")
    writer.write(results, tmp_path / "b")
    assert _bytes(tmp_path / "a") == _bytes(tmp_path / "b")


@ALL
def test_writer_changes_nothing_the_second_time(
    results: Results, tmp_path: Path, writer: Writer
) -> None:
    """Writing again leaves the files and their times."""
    paths = writer.write(results, tmp_path)
    for path in paths:
        os.utime(path, (7, 7))
    assert writer.write(results, tmp_path) == paths
    assert {path.stat().st_mtime for path in paths} == {7}


@ALL
def test_writer_keeps_the_old_file_when_killed(
    results: Results,
    tmp_path: Path,
    writer: Writer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A process that dies before the rename leaves the old bytes; the next mends."""

    def die(*_: object) -> None:
        raise Killed

    writer.write(results, tmp_path)
    before = _bytes(tmp_path)
    later = _changed(results)
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", die)
        with pytest.raises(Killed):
            writer.write(later, tmp_path)
    assert _bytes(tmp_path) == before
    writer.write(later, tmp_path)
    after = _bytes(tmp_path)
    assert after != before
    assert not any(name.endswith(".part") for name in after)


def _changed(results: Results) -> Results:
    articles = tuple(replace(one, title="Another title") for one in results.articles)
    return replace(results, records=results.records[1:], articles=articles)


@ALL
def test_writer_says_where_it_cannot_write(
    results: Results, tmp_path: Path, writer: Writer
) -> None:
    """A file in place of the folder is an error with path and way out."""
    folder = tmp_path / "out"
    folder.write_bytes(b"")
    with pytest.raises(StorageError) as caught:
        writer.write(results, folder)
    assert caught.value.where.startswith(str(folder))
    assert caught.value.hint
