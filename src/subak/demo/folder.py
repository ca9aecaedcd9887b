"""The demo's folder: a workspace whose recipe points at the demo's small web."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from subak.engine.atomic import write_atomically
from subak.recipes.load import find_recipe, load_recipe

SHIPPED_BASES = {
    "citizenship": "http://127.77.0.1:8627",
    "economy": "http://127.77.0.2:8627",
    "energy": "http://127.77.0.3:8627",
    "register": "http://127.77.0.4:8627",
    "tables": "http://127.77.0.5:8627",
}


def recipe_path(folder: Path) -> Path:
    """Return where the demo's recipe lies."""
    return folder / "recipe.toml"


def known_port(folder: Path) -> int:
    """Return the port the folder's recipe was made for, or 0 if there is none yet.

    The addresses are part of every document, so a second demo in the same folder
    must serve its sites where the first one did.
    """
    path = recipe_path(folder)
    if not path.is_file():
        return 0
    return urlsplit(load_recipe(path).source[0].url).port or 0


def prepare(folder: Path, sites: Mapping[str, str]) -> Path:
    """Write the recipe for these sites, unless there is one, and return its path.

    Raises:
        StorageError: The folder cannot be written.
    """
    path = recipe_path(folder)
    if path.is_file():
        return path
    text = find_recipe("demo").read_text(encoding="utf-8")
    for topic, base in SHIPPED_BASES.items():
        text = text.replace(base, sites[topic])
    write_atomically(path, text.encode())
    return path
