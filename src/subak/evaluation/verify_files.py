"""The files of `subak verify`: a schema and a record."""

from __future__ import annotations

import json
from pathlib import Path

from subak.errors import UserError
from subak.evaluation.labelled_set import read_schema
from subak.knowledge.facts.schema import FactSchema
from subak.recipes.fact_schemas import fact_schemas
from subak.recipes.load import find_recipe, load_recipe
from subak.recipes.schema import Recipe

_FORM = 'write {"FIELD": VALUE, ...}'


def read_fact_schema(text: str, category: str | None = None) -> FactSchema:
    """Return the schema in a schema file, a recipe, or a shipped recipe.

    Args:
        category: Which one, where there are several.

    Raises:
        UserError: There is none, or several and nobody says which.
    """
    schemas = fact_schemas(_recipe(text))
    wanted = next(iter(schemas), "") if category is None else category
    if wanted in schemas and (len(schemas) == 1 or category is not None):
        return schemas[wanted]
    known = ", ".join(name or "(none)" for name in schemas)
    raise UserError(
        f"it has {len(schemas)} schemas" if schemas else "it asks for no facts",
        where=text,
        hint=f"choose one with --category: {known}" if schemas else "add [[facts]]",
    )


def read_record(path: Path, schema: FactSchema) -> dict[str, object]:
    """Return the values of a record.

    A record that subak wrote itself, or one that keeps its values under "facts" or
    "values", is read as well.

    Raises:
        UserError: It cannot be read or is no record.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read it: {error}", where=str(path)) from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"not valid JSON: {error}", where=str(path)) from error
    names = {field.name for field in schema.fields}
    if isinstance(data, dict) and not names & set(data):
        data = data.get("facts", data.get("values", data))
    if isinstance(data, list) and all(isinstance(each, dict) for each in data):
        data = {str(each.get("field")): each.get("value") for each in data}
    if not isinstance(data, dict):
        raise UserError("the record is not an object", where=str(path), hint=_FORM)
    return {str(name): value for name, value in data.items()}


def _recipe(text: str) -> Recipe:
    path = Path(text)
    if path.is_file() and "[[source]]" not in _text(path):
        return read_schema(path)
    return load_recipe(find_recipe(text))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read it: {error}", where=str(path)) from error
