"""Settings: what is in force, and who said so."""

from __future__ import annotations

import json
import os
import re

from subak.recipes.effective import effective_keys
from subak.recipes.settings import load_settings, user_config_path
from subak.views.runs import list_runs
from subak.web.page import Asked, Page, Shown
from subak.web.pages.known_recipe import known_recipe

_IN_ADDRESS = re.compile(r"(?<=://)[^/\s\"\'@]+@")


def read_settings(asked: Asked) -> Shown:
    """Read the settings of this machine and the recipe's keys."""
    recipe = known_recipe(asked)
    folder = asked.workspace.folder
    run = next(iter(list_runs(asked.db, limit=1)), None)
    values = {
        "origins": load_settings(folder, os.environ, {}).origins,
        "files": [str(folder / "subak.toml"), str(user_config_path())],
        "recipe": recipe,
        "keys": effective_keys(recipe.path) if recipe.path else (),
        "run": run,
        "hidden": without_secrets,
        "said": _said(run.options) if run else {},
    }
    return Shown("settings.html.j2", values)


def without_secrets(text: str) -> str:
    """Return a value with names and passwords in its addresses left out."""
    return _IN_ADDRESS.sub("…@", text)


def _said(options: str) -> dict[str, str]:
    """Return what a run was started with, besides what holds for every run."""
    try:
        found = json.loads(options or "{}")
    except ValueError:
        return {}
    told = found.items() if isinstance(found, dict) else ()
    return {str(name): json.dumps(value) for name, value in told if value}


SETTINGS = Page("settings", "settings", "Settings", read_settings, place=70)
