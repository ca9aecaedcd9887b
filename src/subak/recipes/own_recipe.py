"""own_recipe: the recipe that a workspace belongs to, found from what it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from subak.recipes.load import shipped_recipes
from subak.views.runs import Run

_OWN = "recipe.toml"


def own_recipe(folder: Path, newest: Run | None) -> Path | str | None:
    """Return the recipe file of a workspace or a shipped name, None where unknown.

    Its folder's ``recipe.toml``, else the file beside it that the newest run names,
    else the shipped recipe that run is of.
    """
    if (folder / _OWN).is_file():
        return folder / _OWN
    if newest is None:
        return None
    named = Path(str(asked_options(newest).get("recipe") or "")).name
    if named.endswith(".toml") and (folder / named).is_file():
        return folder / named
    return newest.recipe if newest.recipe in shipped_recipes() else None


def asked_options(run: Run) -> Mapping[str, object]:
    """Return what a run was started with; nothing where that is not readable."""
    try:
        found = json.loads(run.options or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
