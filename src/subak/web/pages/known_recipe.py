"""The recipe of a workspace, where one is known; what its fields are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from subak.errors import UserError
from subak.knowledge.results import fields_of
from subak.recipes.fact_schemas import field_titles
from subak.recipes.load import find_recipe, load_recipe
from subak.recipes.schema import Recipe
from subak.web.page import Asked
from subak.web.run_control import find_command


@dataclass(frozen=True, slots=True)
class KnownRecipe:
    """What a workspace's runs follow.

    Args:
        path: Its file, None where none is known.
        recipe: None where it cannot be read.
        problem: Why it cannot.
    """

    path: Path | None = None
    recipe: Recipe | None = None
    problem: UserError | None = None
    _titles: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def fields_of(self, category: str) -> Sequence[str]:
        """Return the fields of a category in the recipe's order, none if unknown."""
        if self.recipe is None:
            return ()
        return [one.field for one in fields_of(field_titles(self.recipe), category)]

    def title(self, category: str, name: str) -> str:
        """Return how a field is shown to people."""
        plain = name.replace("_", " ")
        known = self._titles.get((category, name)) or self._titles.get(("", name))
        return known or plain[:1].upper() + plain[1:]


def known_recipe(asked: Asked) -> KnownRecipe:
    """Return the recipe of the workspace that is looked at."""
    command = find_command(asked.workspace.folder, asked.db)
    if command is None:
        return KnownRecipe()
    try:
        near = command.folder / command.recipe
        path = find_recipe(str(near) if near.exists() else command.recipe)
        recipe = load_recipe(path)
    except UserError as error:
        return KnownRecipe(problem=error)
    titles = {(one.category, one.field): one.title for one in field_titles(recipe)}
    return KnownRecipe(path, recipe, None, titles)
