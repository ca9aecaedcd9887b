"""Feed: the bytes of a file or a pipe, block by block, without stopping the loop."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path

from subak.errors import UserError

BLOCK_BYTES = 1 << 18


class Feed:
    """An open file, pipe or terminal.

    Guarantees: a pipe that has nothing yet suspends only the caller, who may be
    cancelled; nothing is read ahead.
    """

    def __init__(self, descriptor: int, *, is_owned: bool) -> None:
        self._descriptor = descriptor
        self._is_owned = is_owned
        mode = os.fstat(descriptor).st_mode
        self.is_file = stat.S_ISREG(mode)
        self._may_wait = not self.is_file

    @classmethod
    def open(cls, path: Path) -> Feed:
        """Open a file or a named pipe.

        Raises:
            UserError: It is not there, a folder, or may not be read.
        """
        try:
            if path.is_dir():
                raise UserError(
                    "the input is a folder",
                    where=str(path),
                    hint="name a JSONL or CSV file, or - for stdin",
                )
            # A named pipe without a writer would block an ordinary open.
            return cls(os.open(path, os.O_RDONLY | os.O_CLOEXEC), is_owned=True)
        except OSError as error:
            raise UserError(
                f"cannot read the input: {error.strerror}",
                where=str(path),
                hint="check the name: ls -l",
            ) from error

    async def read(self) -> bytes:
        """Return the next block, nothing at the end."""
        if self._may_wait:
            await self._wait_readable()
        return os.read(self._descriptor, BLOCK_BYTES)

    def count_lines(self) -> int:
        """Return how many lines a file still has, and go back to where it stood."""
        begin = os.lseek(self._descriptor, 0, os.SEEK_CUR)
        count, last = 0, b"\n"
        while block := os.read(self._descriptor, BLOCK_BYTES):
            count += block.count(b"\n")
            last = block[-1:]
        os.lseek(self._descriptor, begin, os.SEEK_SET)
        return count + (last != b"\n")

    @property
    def size_bytes(self) -> int:
        """Return the size of a file."""
        return os.fstat(self._descriptor).st_size

    def close(self) -> None:
        """Close what was opened here; stdin is not."""
        if self._is_owned:
            os.close(self._descriptor)
            self._is_owned = False

    async def _wait_readable(self) -> None:
        loop = asyncio.get_running_loop()
        readable = asyncio.Event()
        try:
            loop.add_reader(self._descriptor, readable.set)
        except PermissionError:  # /dev/null and the like are always ready
            self._may_wait = False
            return
        try:
            await readable.wait()
        finally:
            loop.remove_reader(self._descriptor)
