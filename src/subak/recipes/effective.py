"""effective_keys: every key of a recipe with its value, and who says it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, structs

from subak.recipes.load import load_recipe

_MOST_NAMES = 12

Origin = Literal["recipe", "built in"]


@dataclass(frozen=True, slots=True)
class EffectiveKey:
    """One key.

    Args:
        path: As a message about it would say: "facts[0].max_chars".
        value: As JSON, or in words where it is a list of tables.
        origin: "recipe" where the file says it, else "built in".
    """

    path: str
    value: str
    origin: Origin


def effective_keys(path: Path) -> tuple[EffectiveKey, ...]:
    """Return the keys of a recipe file, in the order of the reference.

    Raises:
        UserError: It cannot be read.
        RecipeError: It is no recipe.
    """
    recipe = load_recipe(path)
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_keys(recipe, said, ""))


def _keys(
    struct: Struct, said: Mapping[str, object], prefix: str
) -> Iterator[EffectiveKey]:
    for field in structs.fields(struct):
        name, value = field.encode_name, getattr(struct, field.name)
        here = said.get(name)
        if isinstance(value, Struct):
            yield from _keys(value, _table(here), f"{prefix}{name}.")
        elif _are_tables(value):
            yield from _tables(value, here, f"{prefix}{name}")
        else:
            shown = msgspec.json.encode(value).decode()
            origin: Origin = "recipe" if name in said else "built in"
            yield EffectiveKey(f"{prefix}{name}", shown, origin)


def _tables(
    tables: Sequence[Struct], said: object, path: str
) -> Iterator[EffectiveKey]:
    """Yield tables key by key, but sources and fields, which may be many, by name."""
    if path == "source" or path.endswith((".fields", ".sections")):
        yield EffectiveKey(path, _names(tables), "recipe")
        return
    listed = said if isinstance(said, list) else []
    for number, table in enumerate(tables):
        here = listed[number] if number < len(listed) else {}
        yield from _keys(table, _table(here), f"{path}[{number}].")


def _names(tables: Sequence[Struct]) -> str:
    names = [_name(table) for table in tables]
    shown = ", ".join(name for name in names[:_MOST_NAMES] if name)
    more = len(names) - _MOST_NAMES
    return f"{len(names)}: {shown}" + (f" and {more} more" if more > 0 else "")


def _name(table: Struct) -> str:
    for key in ("name", "title", "url", "kind"):
        if found := getattr(table, key, ""):
            return str(found)
    return ""


def _are_tables(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], Struct)


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
