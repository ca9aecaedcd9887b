"""Starter: a shipped recipe and its prompts, copied into a folder to edit."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from subak.errors import StorageError, UserError
from subak.recipes.load import NOT_A_START, shipped_recipes
from subak.recipes.resources import PROMPTS


def write_starter(name: str, folder: Path) -> list[Path]:
    """Copy the recipe of that name into ``folder`` and return the files written.

    Raises:
        UserError: No such recipe is shipped, or a file is there already.
        StorageError: The folder cannot be written.
    """
    known = [shipped for shipped in shipped_recipes() if shipped not in NOT_A_START]
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise UserError(
            f"no recipe '{name}' is shipped",
            hint=f"{hint}there are: {', '.join(known)}",
        )
    source = shipped_recipes()[name] / "recipe.toml"
    files = {folder / "recipe.toml": source}
    files |= {
        folder / "prompts" / path.name: path for path in sorted(PROMPTS.glob("*.md"))
    }
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
    return list(files)
