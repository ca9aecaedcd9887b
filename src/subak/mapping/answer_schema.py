"""read_schema: the JSON Schema of the answers, checked before anything is sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import fastjsonschema

from subak.errors import UserError

_HINT = 'for example {"type": "object", "properties": {"label": {"type": "string"}}}'


def read_schema(schema: Mapping[str, object] | Path) -> str:
    """Return a schema as JSON text; its keys keep their order, the model sees it.

    Raises:
        UserError: It cannot be read, or is no JSON Schema of an object.
    """
    where = str(schema) if isinstance(schema, Path) else "schema"
    value = _read(schema) if isinstance(schema, Path) else dict(schema)
    if not isinstance(value, dict):
        raise UserError("the schema is not a JSON object", where=where, hint=_HINT)
    if value.get("type") != "object":
        raise UserError(
            'the schema\'s "type" is not "object"',
            where=where,
            hint=f"wrap what you want into an object: {_HINT}",
        )
    # The validator would fetch it from wherever it points to.
    foreign = next((ref for ref in _references(value) if ref[:1] != "#"), None)
    if foreign is not None:
        raise UserError(
            f"the schema refers to another file: {foreign}",
            where=where,
            hint='copy that part into "$defs" and refer to "#/$defs/NAME"',
        )
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        fastjsonschema.compile(json.loads(text))
    except (
        fastjsonschema.JsonSchemaException,
        AttributeError,
        LookupError,
        TypeError,
        ValueError,
        RecursionError,
        re.error,
    ) as error:
        raise UserError(
            f"the schema is not a valid JSON Schema: {error}", where=where, hint=_HINT
        ) from error
    return text


def _read(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(
            f"cannot read the schema: {reason}", where=str(path), hint=_HINT
        ) from error


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str):
            yield reference
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _references(inner)
