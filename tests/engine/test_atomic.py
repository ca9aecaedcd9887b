"""write_atomically: whole or not at all, and untouched when equal."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from subak.engine.atomic import write_atomically
from subak.errors import StorageError


def test_write_atomically_makes_folders_and_file(tmp_path: Path) -> None:
    """A first write makes what is missing and says that something changed."""
    path = tmp_path / "a" / "b.txt"
    assert write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_write_atomically_keeps_equal_file(tmp_path: Path) -> None:
    """Equal bytes leave the file and its time as they were."""
    path = tmp_path / "a.txt"
    write_atomically(path, b"same")
    os.utime(path, (1, 1))
    assert not write_atomically(path, b"same")
    assert path.stat().st_mtime == 1


@pytest.mark.parametrize("data", [b"other", b"longer than before", b""])
def test_write_atomically_replaces_different_file(tmp_path: Path, data: bytes) -> None:
    """Other bytes, of the same length or not, replace the old ones."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"first")
    assert write_atomically(path, data)
    assert path.read_bytes() == data


def test_write_atomically_overwrites_leftover_of_a_killed_run(tmp_path: Path) -> None:
    """What a killed run left beside the file neither disturbs nor stays."""
    (tmp_path / ".a.txt.part").write_bytes(b"half")
    write_atomically(tmp_path / "a.txt", b"whole")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_write_atomically_replaces_a_link_not_its_target(tmp_path: Path) -> None:
    """A link in the output folder cannot redirect the write."""
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"precious")
    link = tmp_path / "out.txt"
    link.symlink_to(outside)
    write_atomically(link, b"result")
    assert outside.read_bytes() == b"precious"
    assert link.read_bytes() == b"result"
    assert not link.is_symlink()


def test_write_atomically_never_follows_a_planted_part_file(tmp_path: Path) -> None:
    """A link with the temporary name is refused, its target stays whole."""
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"precious")
    (tmp_path / ".a.txt.part").symlink_to(outside)
    with pytest.raises(StorageError):
        write_atomically(tmp_path / "a.txt", b"result")
    assert outside.read_bytes() == b"precious"


def test_write_atomically_gives_file_the_usual_rights(tmp_path: Path) -> None:
    """Others may read the result as far as the umask lets them."""
    path = tmp_path / "a.txt"
    old = os.umask(0o022)
    try:
        write_atomically(path, b"x")
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_write_atomically_names_path_and_way_out(tmp_path: Path) -> None:
    """A folder in the way is an error with the place and a hint."""
    path = tmp_path / "a.txt"
    path.mkdir()
    with pytest.raises(StorageError) as caught:
        write_atomically(path, b"x")
    assert caught.value.where == str(path)
    assert "move it away" in caught.value.hint


def test_write_atomically_says_when_a_parent_is_a_file(tmp_path: Path) -> None:
    """A file where a folder should be is an error with a hint, too."""
    (tmp_path / "site").write_bytes(b"")
    with pytest.raises(StorageError) as caught:
        write_atomically(tmp_path / "site" / "a.txt", b"x")
    assert "move it away" in caught.value.hint
