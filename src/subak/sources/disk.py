"""Disk: files of this machine, answered like pages of a server.

Knows which files a recipe's globs mean and keeps to its folders: a symbolic link that
leads out of them is refused.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote, unquote_to_bytes

from subak.errors import Gone, Refused, UnusableContent
from subak.sources.reason import because
from subak.sources.request import Reply, Request

SCHEME = "file:"
MAX_FILES = 100_000
_TYPES = {
    ".htm": "text/html",
    ".html": "text/html",
    ".markdown": "text/markdown",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".text": "text/plain",
    ".txt": "text/plain",
    ".xhtml": "application/xhtml+xml",
}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file by its address, with what tells one state of it from another."""

    url: str
    state: str


class Disk:
    """Read files below one folder, and absolute paths a recipe names.

    Guarantees: an address without a leading slash is read from inside the folder
    only; one with it only when no symbolic link is on its way.

    Args:
        folder: The workspace.
        max_bytes: Limit for one file.
    """

    def __init__(self, folder: Path, max_bytes: int = 8_000_000) -> None:
        self._folder = folder.resolve()
        self._max_bytes = max_bytes

    def find(self, glob: str) -> Iterator[FoundFile]:
        """Yield the readable files a glob means, sorted by path.

        Raises:
            Refused: The glob leads out of the workspace, or means far too many files.
        """
        root, pattern = self._root(glob)
        for path in _sorted_files(root, pattern, glob):
            real = path.resolve()
            if path.suffix.lower() not in _TYPES or not real.is_relative_to(root):
                continue
            url = _address(real if glob.startswith("/") else path, self._folder)
            yield FoundFile(url, _state(path.stat()))

    async def fetch(self, request: Request) -> Reply:
        """Return the file's bytes, or 304 when it is as its validators say.

        Raises:
            Gone: It is not there.
            UnusableContent: It is larger than allowed.
            Refused: It lies outside the folders, or cannot be opened.
        """
        url = request.url
        path = self._path(url)
        try:
            with _open(path, url) as file:
                state = _state(os.fstat(file.fileno()))
                if _is_known(request, state):
                    return Reply(url, 304, etag=state)
                body = file.read(self._max_bytes + 1)
        except (FileNotFoundError, NotADirectoryError) as error:
            missing = Gone(
                "there is no such file",
                where=url,
                hint="correct paths in the recipe if it should be there",
            )
            raise because("gone", missing) from error
        except OSError as error:
            raise Refused(
                f"the file cannot be read: {error.strerror}",
                where=url,
                hint="give the user that runs subak the right to read it",
            ) from error
        if len(body) > self._max_bytes:
            large = UnusableContent(
                f"it is larger than {self._max_bytes:,} bytes",
                where=url,
                hint="raise fetch.max_bytes in the recipe if the file is worth it",
            )
            raise because("too-large", large)
        return Reply(
            url,
            200,
            body=body,
            content_type=_TYPES.get(path.suffix.lower(), "application/octet-stream"),
            etag=state,
        )

    def _root(self, glob: str) -> tuple[Path, str]:
        """Return the folder a glob must stay in, and the glob from there on."""
        parts = Path(glob).parts
        if ".." in parts or not parts or glob.startswith("~"):
            raise Refused(
                f"{glob!r} leads out of the workspace",
                where=glob,
                hint="copy or link the files into it, or write the path from / on",
            )
        if not glob.startswith("/"):
            return self._folder, str(Path(*parts))
        fixed = list(_fixed(parts))
        rest = parts[len(fixed) :] or (fixed.pop(),)
        return Path(*fixed).resolve(), str(Path(*rest))

    def _path(self, url: str) -> Path:
        name = os.fsdecode(unquote_to_bytes(url.removeprefix(SCHEME)))
        path = Path(name) if name.startswith("/") else self._folder / name
        root = path if name.startswith("/") else self._folder
        if not url.startswith(SCHEME) or not path.resolve().is_relative_to(root):
            raise Refused(
                "a symbolic link leads out of the folder",
                where=url,
                hint="copy the file into the workspace",
            )
        return path


def _sorted_files(root: Path, pattern: str, glob: str) -> list[Path]:
    found: list[Path] = []
    for path in root.glob(pattern):
        if not path.is_file() or any(
            part.startswith(".") for part in path.relative_to(root).parts
        ):
            continue
        found.append(path)
        if len(found) > MAX_FILES:
            raise Refused(
                f"{glob!r} means more than {MAX_FILES:,} files",
                where=glob,
                hint="name a folder below it",
            )
    return sorted(found)


def _fixed(parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        if set("*?[") & set(part):
            return
        yield part


def _address(path: Path, folder: Path) -> str:
    name = path.relative_to(folder) if path.is_relative_to(folder) else path
    return SCHEME + quote(os.fsencode(name.as_posix()), safe="/")


def _state(status: os.stat_result) -> str:
    return f"{status.st_size}-{status.st_mtime_ns}"


def _is_known(request: Request, state: str) -> bool:
    known = request.validators
    return known is not None and known.url == request.url and known.etag == state


def _open(path: Path, url: str) -> BinaryIO:
    # Without O_NONBLOCK a pipe that nobody writes to would hold up everything.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refused(
            "it is no regular file", where=url, hint="name files, not folders or pipes"
        )
    return os.fdopen(descriptor, "rb")
