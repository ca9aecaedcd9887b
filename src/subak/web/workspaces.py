"""Workspaces: the folders a server shows, each under a short name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from subak.engine.workspace import Workspace
from subak.errors import UserError

_DEPTH = 2
_MOST = 200


class Workspaces:
    """Find workspaces: a folder itself, and those up to two folders below it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._found: Mapping[str, Workspace] = {}

    def scan(self) -> Mapping[str, Workspace]:
        """Return the workspaces there are now, by name.

        A folder counts that has a journal or a recipe. Where nothing is found the
        folder itself stands for what may come.
        """
        found: dict[str, Workspace] = {}
        for folder in self._folders():
            if len(found) < _MOST and _is_workspace(folder):
                found[self._name(folder, found)] = Workspace(folder)
        self._found = found or {
            self._name(self._folder, found): Workspace(self._folder)
        }
        return self._found

    @property
    def has_more(self) -> bool:
        """Tell whether there is more than one."""
        return len(self._found) > 1

    def get(self, name: str) -> Workspace:
        """Return the workspace of that name.

        Raises:
            UserError: There is none.
        """
        found = self._found.get(name) or self.scan().get(name)
        if found is None:
            raise UserError(
                f"no workspace '{name}' below {self._folder}",
                hint="the first page lists those there are",
            )
        return found

    def _folders(self) -> Iterator[Path]:
        level = [self._folder]
        for depth in range(_DEPTH + 1):
            yield from level
            if depth < _DEPTH:
                level = [below for folder in level for below in _below(folder)]

    def _name(self, folder: Path, taken: Mapping[str, Workspace]) -> str:
        inner = folder.relative_to(self._folder).parts
        name = "--".join(inner) if inner else folder.name or "workspace"
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name}-{number}"
        return free


def _below(folder: Path) -> list[Path]:
    """Return the folders in a folder; links and hidden ones are left alone."""
    try:
        inner = sorted(folder.iterdir())
    except OSError:
        return []
    return [
        path
        for path in inner
        if path.is_dir() and not path.is_symlink() and not path.name.startswith(".")
    ]


def _is_workspace(folder: Path) -> bool:
    return Workspace(folder).journal.is_file() or (folder / "recipe.toml").is_file()
