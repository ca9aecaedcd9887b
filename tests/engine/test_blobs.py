"""Blobs: whole or not there, found by content, never silently wrong."""

from __future__ import annotations

import asyncio
import hashlib
import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import apsw
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.blobs import FILE, Blobs
from subak.errors import StorageError


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Blobs]:
    """Close the blobs of a folder when the test is over."""
    blobs = Blobs(folder)
    try:
        yield blobs
    finally:
        await blobs.close()


def damage(folder: Path, change: str) -> None:
    """Change the stored bodies behind our back."""
    connection = apsw.Connection(str(folder / FILE))
    connection.execute(f"UPDATE body SET data = {change}")
    connection.close()


def put_as_before(folder: Path, data: bytes) -> str:
    """Keep bytes as earlier versions did: one file a body."""
    blob_id = hashlib.blake2b(data, digest_size=16).hexdigest()
    path = folder / blob_id[:2] / f"{blob_id[2:]}.zst"
    path.parent.mkdir(parents=True)
    path.write_bytes(zstandard.ZstdCompressor().compress(data))
    return blob_id


@settings(max_examples=8, deadline=None)
@given(st.lists(st.binary(max_size=5_000), max_size=20))
def test_blobs_return_what_was_put(bodies: list[bytes]) -> None:
    """Any bytes come back, put at once or again, and in a later life."""

    async def scenario(folder: Path) -> None:
        async with opened(folder) as blobs:
            ids = await asyncio.gather(*map(blobs.put, bodies))
            again = await asyncio.gather(*map(blobs.put, bodies))
            assert ids == again
            assert len(set(ids)) == len(set(bodies))
            assert [blobs.get(each) for each in ids] == bodies
        async with opened(folder) as blobs:
            assert [blobs.get(each) for each in ids] == bodies
            assert [blobs.size_of(each) for each in ids] == list(map(len, bodies))

    with tempfile.TemporaryDirectory() as name:
        asyncio.run(scenario(Path(name)))


@settings(max_examples=12, deadline=None)
@given(st.binary(min_size=1, max_size=500), st.randoms(use_true_random=False))
def test_blobs_damaged_body_is_noticed_and_repaired(
    data: bytes, rng: random.Random
) -> None:
    """A flipped bit gives the right bytes or an error; putting again mends it."""

    async def scenario(folder: Path) -> None:
        async with opened(folder) as blobs:
            blob_id = await blobs.put(data)
        connection = apsw.Connection(str(folder / FILE))
        stored = bytearray(connection.execute("SELECT data FROM body").get)
        stored[rng.randrange(len(stored))] ^= 1 << rng.randrange(8)
        connection.execute("UPDATE body SET data = ?", (bytes(stored),))
        connection.close()
        async with opened(folder) as blobs:
            with suppress(StorageError):
                assert blobs.get(blob_id) == data
            assert await blobs.put(data) == blob_id
            assert blobs.get(blob_id) == data

    with tempfile.TemporaryDirectory() as name:
        asyncio.run(scenario(Path(name)))


def test_blobs_cut_body_is_damaged(tmp_path: Path) -> None:
    """A body cut short is not taken for a shorter one; a discarded one is missing."""

    async def scenario() -> None:
        async with opened(tmp_path) as blobs:
            blob_id = await blobs.put(b"text " * 10_000)
            damage(tmp_path, "substr(data, 1, length(data) - 3)")
            with pytest.raises(StorageError, match="damaged") as caught:
                blobs.get(blob_id)
            assert blob_id in caught.value.where
            assert blobs.has(blob_id)
            blobs.discard(blob_id)
            await blobs.put(b"something else")
            assert not blobs.has(blob_id)

    asyncio.run(scenario())


def test_blobs_put_shares_a_commit(tmp_path: Path) -> None:
    """A hundred bodies put at once cost a few commits, not a hundred."""

    async def scenario() -> None:
        async with opened(tmp_path) as blobs:
            await blobs.put(b"first")
            frames = _wal_commits(tmp_path)
            await asyncio.gather(*(blobs.put(b"%d" % each) for each in range(100)))
            assert _wal_commits(tmp_path) - frames < 10

    asyncio.run(scenario())


def _wal_commits(folder: Path) -> int:
    """Count the frames of the write-ahead log that end a transaction."""
    log = (folder / f"{FILE}-wal").read_bytes()
    page = int.from_bytes(log[8:12], "big")
    sizes = [log[at + 4 : at + 8] for at in range(32, len(log), page + 24)]
    return sum(any(size) for size in sizes)


def test_blobs_files_of_earlier_versions_are_read(tmp_path: Path) -> None:
    """A workspace of files stays readable; a damaged file is mended in the database."""
    blob_id = put_as_before(tmp_path, b"old body")

    async def scenario() -> None:
        async with opened(tmp_path) as blobs:
            assert blobs.has(blob_id)
            assert blobs.get(blob_id) == b"old body"
            await blobs.put(b"new body")
            assert blobs.get(blob_id) == b"old body"
            (file,) = tmp_path.glob("*/*.zst")
            file.write_bytes(b"x")
            with pytest.raises(StorageError, match="damaged"):
                blobs.get(blob_id)
            await blobs.put(b"old body")
            assert blobs.get(blob_id) == b"old body"

    asyncio.run(scenario())


def test_blobs_looking_creates_nothing(tmp_path: Path) -> None:
    """Asking for what is not there leaves the folder as it was."""

    async def scenario() -> None:
        async with opened(tmp_path / "blobs") as blobs:
            assert not blobs.has("0" * 32)
            assert blobs.size_of("0" * 32) is None
            with pytest.raises(StorageError, match="missing") as caught:
                blobs.get("0" * 32)
            assert "fetch" in caught.value.hint

    asyncio.run(scenario())
    assert not (tmp_path / "blobs").exists()


@pytest.mark.parametrize("blob_id", ["", "../../etc/passwd", "A" * 32, "0" * 33])
def test_blobs_refuse_what_is_no_id(tmp_path: Path, blob_id: str) -> None:
    """An id can't lead out of the folder."""
    with pytest.raises(StorageError, match="not the id"):
        Blobs(tmp_path).get(blob_id)


def test_blobs_unwritable_folder_is_a_storage_error(tmp_path: Path) -> None:
    """A file in the folder's place is named."""
    (tmp_path / "blobs").touch()

    async def scenario() -> None:
        with pytest.raises(StorageError) as caught:
            await Blobs(tmp_path / "blobs").put(b"x")
        assert str(tmp_path) in caught.value.where

    asyncio.run(scenario())


def test_blobs_unreadable_file_is_a_storage_error(tmp_path: Path) -> None:
    """A folder in an old file's place is an error, not a missing body."""
    blob_id = put_as_before(tmp_path, b"x")
    (path,) = tmp_path.rglob("*.zst")
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError):
        Blobs(tmp_path).get(blob_id)


def test_blobs_remove_what_a_killed_run_left(tmp_path: Path) -> None:
    """Files an earlier version left half-written go, whole ones stay."""
    blob_id = put_as_before(tmp_path, b"x")
    (path,) = tmp_path.rglob("*.zst")
    leftover = path.with_suffix(".zst.0123abcd.tmp")
    leftover.write_bytes(b"half")
    blobs = Blobs(tmp_path)
    blobs.remove_leftovers()
    assert not leftover.exists()
    assert blobs.get(blob_id) == b"x"
