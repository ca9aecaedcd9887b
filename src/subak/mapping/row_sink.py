"""RowSink: where output rows go: a file that is there whole or not at all, a stream."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Protocol

import msgspec

from subak.engine.atomic import storage_error
from subak.errors import StorageError
from subak.mapping.map_row import MapRow

_BUFFER_BYTES = 1 << 20


class RowSink(Protocol):
    """Takes the encoded rows in order."""

    def write(self, data: bytes) -> None:
        """Take whole rows.

        Raises:
            StorageError: They cannot be written.
        """
        ...

    def finish(self, *, is_complete: bool) -> None:
        """Let the rows stand, or leave no trace of an unfinished job."""
        ...


class FileSink:
    """A file: written beside itself, synced, and renamed when all rows are there.

    Raises:
        StorageError: It cannot be written; told when it is made, before any work.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._temporary = path.with_name(f".{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                raise IsADirectoryError(21, "a folder has this name")
            self._file = self._open()
        except OSError as error:
            raise storage_error(path, error) from error

    def write(self, data: bytes) -> None:
        """Append rows to the unfinished file."""
        try:
            self._file.write(data)
        except OSError as error:
            raise storage_error(self._path, error) from error

    def finish(self, *, is_complete: bool) -> None:
        """Rename the file to its name, or remove it; the second time do nothing."""
        if self._file.closed:
            return
        try:
            if is_complete:
                self._file.flush()
                os.fsync(self._file.fileno())
                self._temporary.replace(self._path)
        except OSError as error:
            raise storage_error(self._path, error) from error
        finally:
            self._drop()

    def _open(self) -> BinaryIO:
        if self._path.exists() and not os.access(self._path, os.W_OK):
            raise PermissionError(13, os.strerror(13))
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
        file = os.fdopen(
            os.open(self._temporary, flags, 0o666), "wb", buffering=_BUFFER_BYTES
        )
        try:
            # A map in another workspace may be writing the very same file.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            file.truncate()
        except BlockingIOError as error:
            file.close()
            raise StorageError(
                "another process is writing this file",
                where=str(self._path),
                hint="wait until it has finished, or give --out another name",
            ) from error
        return file

    def _drop(self) -> None:
        """Close and remove; what a full disk keeps from being flushed is not wanted."""
        try:
            self._file.close()
        except OSError:
            self._file.raw.close()  # type: ignore[attr-defined]  # buffered
        finally:
            self._temporary.unlink(missing_ok=True)


class StreamSink:
    """A stream such as stdout, or a device: rows go out as soon as they are in order.

    Args:
        is_owned: Close it at the end.
    """

    def __init__(self, stream: BinaryIO, *, is_owned: bool = False) -> None:
        self._stream = stream
        self._is_owned = is_owned

    def write(self, data: bytes) -> None:
        """Send rows out at once."""
        self._stream.write(data)
        self._stream.flush()

    def finish(self, *, is_complete: bool) -> None:  # noqa: ARG002
        """Close the stream if it is ours; what was sent was sent."""
        if self._is_owned:
            self._stream.close()


class MemorySink:
    """Keeps the rows as values.

    Args:
        keep: Told of each row, in order.
    """

    def __init__(self, keep: Callable[[MapRow], object]) -> None:
        self._keep = keep
        self._decode = msgspec.json.Decoder(MapRow).decode_lines

    def write(self, data: bytes) -> None:
        """Keep the rows of these lines of JSON."""
        for row in self._decode(data):
            self._keep(row)

    def finish(self, *, is_complete: bool) -> None:
        """Leave what was kept."""


def open_sink(path: Path) -> RowSink:
    """Return the sink of a path; what is no file (a pipe, a device) is streamed to.

    Raises:
        StorageError: It cannot be written.
    """
    if not path.exists() or path.is_file() or path.is_dir():
        return FileSink(path)
    try:
        return StreamSink(path.open("wb", buffering=0), is_owned=True)
    except OSError as error:
        raise storage_error(path, error) from error
