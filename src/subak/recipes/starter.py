"""Starter: a shipped recipe and the files beside it, copied into a folder to edit."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from subak.errors import StorageError, UserError
from subak.recipes.load import NOT_A_START, shipped_recipes
from subak.recipes.resources import PROMPTS


def starters() -> tuple[str, ...]:
    """Return the names of the recipes that one can start from."""
    return tuple(name for name in shipped_recipes() if name not in NOT_A_START)


def write_starter(
    name: str, folder: Path, *, with_prompts: bool = False
) -> tuple[Path, ...]:
    """Copy the recipe of that name into ``folder`` and return the files written.

    Args:
        with_prompts: The prompts too, to be edited: a copy replaces what ships.

    Raises:
        UserError: No such recipe is shipped, or a file is there already.
        StorageError: The folder cannot be written.
    """
    files = _files(name, folder, with_prompts=with_prompts)
    for target in files:
        if target.exists():
            raise UserError(
                "is there already and would be overwritten",
                where=str(target),
                hint="choose another folder: subak init OTHER --from " + name,
            )
    try:
        for target, path in files.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    except OSError as error:
        raise StorageError(
            f"cannot write: {error.strerror}", where=str(folder)
        ) from error
    return tuple(files)


def _files(name: str, folder: Path, *, with_prompts: bool) -> Mapping[Path, Path]:
    """Return what is to be written, and what of."""
    known = starters()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise UserError(
            f"no recipe '{name}' is shipped",
            hint=f"{hint}there are: {', '.join(known)}",
        )
    shipped = sorted(shipped_recipes()[name].iterdir())
    files = {folder / path.name: path for path in shipped if path.is_file()}
    if with_prompts:
        prompts = sorted(PROMPTS.glob("*.md"))
        files |= {folder / "prompts" / path.name: path for path in prompts}
    return files
