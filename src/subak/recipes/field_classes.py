"""schema_of: a fact schema from a msgspec or pydantic class.

Reads the class's JSON Schema, so that pydantic needn't be installed. What texts are
searched by stands beside the type: ``extra_json_schema`` of ``msgspec.Meta``, or
``json_schema_extra`` of pydantic's ``Field``: kind, unit, words, negations.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping

import msgspec

from subak.errors import RecipeError, UserError
from subak.knowledge.facts.schema import FactSchema
from subak.recipes.check import find_problems
from subak.recipes.fact_schemas import fact_schema
from subak.recipes.load import facts_problems
from subak.recipes.schema import FactsSection, FieldSection

_JsonSchema = Mapping[str, object]
_OWN_KEYS = frozenset(FieldSection.__struct_fields__) - {"name"}
_BOUNDS = (
    ("minimum", "minimum"),
    ("maximum", "maximum"),
    ("exclusiveMinimum", "minimum"),
    ("exclusiveMaximum", "maximum"),
)
_KINDS = {
    "number": "number",
    "integer": "number",
    "string": "text",
    "boolean": "boolean",
    "array": "ranges",
}
_NULL = {"type": "null"}
_CURRENCY = re.compile(r"[A-Z]{3}")


def schema_of(kind: type, *, category: str = "", entity: str = "country") -> FactSchema:
    """Return the fact schema of a class whose attributes are the fields.

    Args:
        kind: A ``msgspec.Struct``, a dataclass, or a class with pydantic's
            ``model_json_schema``.
        category: Category of documents it is for, "" for any.
        entity: What a record is about: "country" or "title".

    Raises:
        UserError: It is no such class.
        RecipeError: A field can't be understood; names every problem.
    """
    whole = _json_schema(kind)
    definitions = _mapping(whole.get("$defs"))
    properties = _mapping(_resolved(whole, definitions).get("properties"))
    fields = [
        _section(name, _resolved(_mapping(each), definitions))
        for name, each in properties.items()
    ]
    data = {"category": category, "entity": entity, "fields": fields}
    problems = find_problems(FactsSection, data)
    if not problems:
        section = msgspec.convert(data, FactsSection)
        problems = list(facts_problems(section, ""))
    if problems:
        raise RecipeError(problems, where=kind.__name__)
    return fact_schema(section)


def _json_schema(kind: type) -> _JsonSchema:
    describe = getattr(kind, "model_json_schema", None)
    if callable(describe):
        return _mapping(describe())
    if not (isinstance(kind, type) and _has_fields(kind)):
        raise UserError(
            f"{kind!r} has no fields to read",
            where="schema_of",
            hint="give a msgspec.Struct, a dataclass or a pydantic model",
        )
    try:
        return msgspec.json.schema(kind)
    except TypeError as error:
        raise UserError(
            f"a field can't be described: {error}",
            where=kind.__name__,
            hint="use float, int, bool, str, Literal or list of ranges as types",
        ) from error


def _has_fields(kind: type) -> bool:
    return issubclass(kind, msgspec.Struct) or dataclasses.is_dataclass(kind)


def _resolved(schema: _JsonSchema, definitions: _JsonSchema) -> _JsonSchema:
    """Follow a reference and take the first alternative that isn't null."""
    found = dict(schema)
    reference = found.pop("$ref", None)
    if isinstance(reference, str):
        target = _mapping(definitions.get(reference.rpartition("/")[2]))
        found = {**_resolved(target, definitions), **found}
    alternatives = found.pop("anyOf", None)
    if isinstance(alternatives, list):
        stated = [each for each in map(_mapping, alternatives) if each != _NULL]
        chosen = stated[0] if stated else {}
        found = {**_resolved(chosen, definitions), **found}
    return found


def _section(name: str, schema: _JsonSchema) -> dict[str, object]:
    """Return one attribute as a field of a recipe."""
    section = {key: each for key, each in schema.items() if key in _OWN_KEYS}
    section["name"] = name
    if "description" in schema:
        section.setdefault("meaning", schema["description"])
    for theirs, ours in _BOUNDS:
        if theirs in schema:
            section.setdefault(ours, schema[theirs])
    choices = schema.get("enum")
    if isinstance(choices, list):
        section.setdefault("values", [each for each in choices if each is not None])
    if kind := _kind(schema, section):
        section.setdefault("kind", kind)
    if section.get("kind") == "percent" and section.get("unit") in ("%", "percent"):
        del section["unit"]
    return section


def _kind(schema: _JsonSchema, section: Mapping[str, object]) -> str:
    """Tell the kind by type, format and unit."""
    if "values" in section:
        return "enum"
    if schema.get("format") in ("date", "date-time"):
        return "date"
    types = schema.get("type")
    named = types if isinstance(types, list) else [types]
    kind = next((_KINDS[each] for each in named if each in _KINDS), "")
    unit = str(section.get("unit", ""))
    if kind == "number" and (unit.startswith("%") or unit == "percent"):
        return "percent"
    return "money" if kind == "number" and _CURRENCY.fullmatch(unit) else kind


def _mapping(value: object) -> _JsonSchema:
    return value if isinstance(value, dict) else {}
