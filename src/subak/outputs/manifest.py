"""Manifest: which files the last publication wrote, so that the next can tidy up.

Only files of ``site/``, ``articles/`` and ``texts/`` that the manifest lists are ever
removed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from subak.engine.atomic import storage_error, write_atomically
from subak.outputs.json_text import json_text

_NAME = ".manifest.json"
_TIDIED = ("site", "articles", "texts")


class Manifest:
    """The list of published files of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, paths: Iterable[Path]) -> None:
        """Add files as soon as they are written, so that no kill can lose them."""
        names = {path.relative_to(self._folder).as_posix() for path in paths}
        self._write(self._read() | names)

    def settle(self, paths: Iterable[Path]) -> list[Path]:
        """Make these files the whole list; remove and return those left over.

        Raises:
            StorageError: A file cannot be removed.
        """
        names = {path.relative_to(self._folder).as_posix() for path in paths}
        leftover = sorted(self._read() - names)
        removed = [self._folder / name for name in leftover if self._remove(name)]
        self._write(names)
        return removed

    def _read(self) -> set[str]:
        """Return the listed files; a damaged list is an empty one: nothing goes."""
        try:
            found = json.loads((self._folder / _NAME).read_bytes())
        except (OSError, ValueError):
            return set()
        listed = found.get("files") if isinstance(found, dict) else None
        if not isinstance(listed, list):
            return set()
        return {name for name in listed if isinstance(name, str)}

    def _write(self, names: set[str]) -> None:
        content = {"version": 1, "files": sorted(names)}
        data = f"{json_text(content, indent=1)}\n".encode()
        write_atomically(self._folder / _NAME, data)

    def _remove(self, name: str) -> bool:
        path = self._folder / name
        try:
            if not self._is_ours(name):
                return False
            path.unlink()
        except OSError as error:
            raise storage_error(path, error) from error
        return True

    def _is_ours(self, name: str) -> bool:
        parts = PurePosixPath(name).parts
        if len(parts) < 2 or parts[0] not in _TIDIED or ".." in parts:
            return False
        path = self._folder.joinpath(*parts)
        if not path.is_file():
            return False
        top = (self._folder / parts[0]).resolve()
        return path.parent.resolve().is_relative_to(top)
