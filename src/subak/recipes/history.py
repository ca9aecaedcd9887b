"""What was published before a run: the workspace's history and the file before it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from subak.knowledge.facts.schema import FactSchema
from subak.knowledge.settling.previous import (
    PreviousData,
    PreviousMap,
    read_previous,
    without_file,
)
from subak.knowledge.settling.published import Published
from subak.recipes.load import previous_category
from subak.recipes.resources import Resources
from subak.recipes.schema import Recipe


def previous_data(recipe: Recipe, folder: Path) -> PreviousData | None:
    """Return the file that ``[previous]`` names in a workspace, None without one.

    Raises:
        UserError: It cannot be read.
    """
    section = recipe.previous
    mapping = PreviousMap(
        category=previous_category(recipe),
        entity=section.entity,
        fields=section.map,
        date=section.date,
    )
    if section.file:
        return read_previous(folder / section.file, mapping)
    return without_file(recipe.name, mapping) if section.map else None


def open_history(
    resources: Resources,
    schemas: Mapping[str, FactSchema],
    previous: PreviousData | None,
) -> Published:
    """Return the history of published values, the file's where it has none."""
    if previous is None:
        return Published(resources.store)
    category = previous.map.category
    schema = schemas.get(category) or schemas[""]
    fields = {field.name: field for field in schema.fields}
    return Published(resources.store, {category: previous.values(fields)})
