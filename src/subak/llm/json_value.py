"""JSON to and from strangers: what is read is of the type asked for, or a default."""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec

_NOTHING: Mapping[str, object] = {}


def encode(value: object) -> bytes:
    """Return the JSON of plain values; ``msgspec.Raw`` in it is JSON already."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        # Half characters cannot be sent as UTF-8; as escapes in pure ASCII they can.
        return json.dumps(value, default=_parsed).encode("ascii")


def object_at(value: object, *path: str) -> Mapping[str, object]:
    """Return the object at a path of keys, or an empty one."""
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else _NOTHING


def text_at(value: object, key: str) -> str:
    """Return the string under a key, or ""."""
    found = value.get(key) if isinstance(value, Mapping) else None
    return found if isinstance(found, str) else ""


def count_at(value: object, key: str) -> int | None:
    """Return the whole number under a key, or None."""
    found = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int):
        return None
    return found


def seconds_at(value: object, key: str, unit: float) -> float | None:
    """Return the duration under a key, given in units of that many seconds."""
    found = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return found * unit


def objects_at(value: object, key: str) -> list[Mapping[str, object]]:
    """Return the objects of the list under a key; strings become ``{"name": ...}``."""
    found = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(found, list):
        return []
    named = [{"name": entry} if isinstance(entry, str) else entry for entry in found]
    return [entry for entry in named if isinstance(entry, Mapping)]


def _parsed(raw: object) -> object:
    if isinstance(raw, msgspec.Raw):
        return json.loads(bytes(raw))
    raise TypeError(type(raw).__name__)
