"""Which model questions go to: of a flag, the environment, the recipe, the settings."""

from __future__ import annotations

import os
from pathlib import Path

from subak.recipes.load import load_recipe
from subak.recipes.settings import Settings, load_settings


def asked_settings(folder: Path, model: str | None = None) -> Settings:
    """Return the settings in force for questions to a workspace."""
    return load_settings(folder, os.environ, {"model": model}).settings


def asked_model(folder: Path, settings: Settings, model: str | None = None) -> str:
    """Return the spec of the model that questions go to."""
    wanted = model or os.environ.get("SUBAK_MODEL", "")
    recipe = folder / "recipe.toml"
    if not wanted and recipe.is_file():
        wanted = load_recipe(recipe).model.use
    name = wanted or settings.model
    return settings.models.get(name, name)
