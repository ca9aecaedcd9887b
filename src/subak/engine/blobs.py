"""Large immutable bytes as files, named by the hash of their content."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

import zstandard

from subak.engine.storage import storage_error
from subak.errors import StorageError

_ID = re.compile(r"[0-9a-f]{32}")
_LEVEL = 3


class Blobs:
    """A folder of content-addressed, compressed files.

    Guarantees: an id is returned only when the bytes are on the disk; a reader sees
    a whole file or none; putting the same bytes again repairs a damaged file.
    Assumes: files are added by one run at a time, read by anyone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their id."""
        blob_id = hashlib.blake2b(data, digest_size=16).hexdigest()
        path = self._path(blob_id)
        try:
            if self._read(path, blob_id) is None:
                self._write(path, data)
        except OSError as error:
            raise storage_error(error, path) from error
        return blob_id

    def get(self, blob_id: str) -> bytes:
        """Return the bytes, checked against their id."""
        path = self._path(blob_id)
        try:
            data = self._read(path, blob_id)
        except OSError as error:
            raise storage_error(error, path) from error
        if data is None:
            state = "damaged" if path.exists() else "missing"
            raise StorageError(
                f"a stored document body is {state}",
                where=str(path),
                hint="run again with --refresh fetch: it will be fetched anew",
            )
        return data

    def has(self, blob_id: str) -> bool:
        """Tell whether a file of this id is there, without reading it."""
        return self._path(blob_id).exists()

    def remove_leftovers(self) -> None:
        """Remove what a killed run left half written; only for the lock's holder."""
        for leftover in self._folder.glob("*/*.tmp"):
            leftover.unlink(missing_ok=True)

    def _path(self, blob_id: str) -> Path:
        if not _ID.fullmatch(blob_id):
            raise StorageError(
                f"{blob_id!r} is not the id of a document body",
                where=str(self._folder),
                hint="ids are 32 hex digits; `subak doctor` checks the workspace",
            )
        return self._folder / blob_id[:2] / f"{blob_id[2:]}.zst"

    def _read(self, path: Path, blob_id: str) -> bytes | None:
        if not path.exists():
            return None
        # The streaming form: a damaged length in the frame cannot ask for memory.
        stream = zstandard.ZstdDecompressor().decompressobj()
        try:
            data = stream.decompress(path.read_bytes())
        except zstandard.ZstdError:
            return None
        found = hashlib.blake2b(data, digest_size=16).hexdigest()
        return data if found == blob_id else None

    def _write(self, path: Path, data: bytes) -> None:
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _sync_folder(path.parent.parent)
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
        try:
            with unfinished.open("xb") as target:
                target.write(zstandard.ZstdCompressor(level=_LEVEL).compress(data))
                target.flush()
                os.fsync(target.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
