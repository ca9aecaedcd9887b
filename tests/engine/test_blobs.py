"""Blobs: whole or not there, found by content, never silently wrong."""

from __future__ import annotations

import random
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.blobs import Blobs
from subak.errors import StorageError


def _file(folder: Path) -> Path:
    (found,) = folder.rglob("*.zst")
    return found


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=5_000))
def test_blobs_return_what_was_put(data: bytes) -> None:
    """Any bytes come back, under the same id each time, in one file."""
    with tempfile.TemporaryDirectory() as name:
        blobs = Blobs(Path(name))
        blob_id = blobs.put(data)
        assert blobs.put(data) == blob_id
        assert blobs.has(blob_id)
        assert blobs.get(blob_id) == data
        assert len(list(Path(name).rglob("*.*"))) == 1


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=500), st.randoms(use_true_random=False))
def test_blobs_damaged_file_is_noticed_and_repaired(
    data: bytes, rng: random.Random
) -> None:
    """A flipped bit gives the right bytes or an error; putting again mends it."""
    with tempfile.TemporaryDirectory() as name:
        blobs = Blobs(Path(name))
        blob_id = blobs.put(data)
        path = _file(Path(name))
        stored = bytearray(path.read_bytes())
        stored[rng.randrange(len(stored))] ^= 1 << rng.randrange(8)
        path.write_bytes(stored)
        with suppress(StorageError):
            assert blobs.get(blob_id) == data
        assert blobs.put(data) == blob_id
        assert blobs.get(blob_id) == data


def test_blobs_cut_file_is_damaged(tmp_path: Path) -> None:
    """A file cut short is not taken for a shorter body."""
    blobs = Blobs(tmp_path)
    blob_id = blobs.put(b"text " * 10_000)
    path = _file(tmp_path)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(StorageError, match="damaged") as caught:
        blobs.get(blob_id)
    assert caught.value.where == str(path)


def test_blobs_missing_file_says_how_to_get_it_again(tmp_path: Path) -> None:
    """An id without a file is an error with the way out, and `has` says no."""
    blobs = Blobs(tmp_path)
    with pytest.raises(StorageError, match="missing") as caught:
        blobs.get("0" * 32)
    assert "fetch" in caught.value.hint
    assert not blobs.has("0" * 32)


@pytest.mark.parametrize("blob_id", ["", "../../etc/passwd", "A" * 32, "0" * 33])
def test_blobs_refuse_what_is_no_id(tmp_path: Path, blob_id: str) -> None:
    """An id can't lead out of the folder."""
    with pytest.raises(StorageError, match="not the id"):
        Blobs(tmp_path).get(blob_id)


def test_blobs_unwritable_folder_is_a_storage_error(tmp_path: Path) -> None:
    """A file in the folder's place is named when putting and when getting."""
    (tmp_path / "blobs").touch()
    blobs = Blobs(tmp_path / "blobs")
    with pytest.raises(StorageError) as caught:
        blobs.put(b"x")
    assert str(tmp_path) in caught.value.where


def test_blobs_unreadable_file_is_a_storage_error(tmp_path: Path) -> None:
    """A folder in the file's place is an error, not a missing body."""
    blobs = Blobs(tmp_path)
    blob_id = blobs.put(b"x")
    path = _file(tmp_path)
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError):
        blobs.get(blob_id)


def test_blobs_remove_what_a_killed_run_left(tmp_path: Path) -> None:
    """Half-written files go, whole ones stay."""
    blobs = Blobs(tmp_path)
    blob_id = blobs.put(b"x")
    leftover = _file(tmp_path).with_suffix(".zst.0123abcd.tmp")
    leftover.write_bytes(b"half")
    blobs.remove_leftovers()
    assert not leftover.exists()
    assert blobs.get(blob_id) == b"x"
