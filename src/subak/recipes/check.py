"""Check plain data against msgspec structs and tell every problem, not the first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import get_args, get_origin

import msgspec
from msgspec import Struct, structs

from subak.errors import Problem

_EXPECTED = re.compile(r"^Expected `(?P<wanted>[^`]*)`, got `(?P<got>[^`]*)`$")
_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
}
_PATH = re.compile(r" - at `\$?(?P<path>[^`]*)`$")


def find_problems(kind: type[Struct], data: object, path: str = "") -> list[Problem]:
    """Return every way in which ``data`` is not a ``kind``; empty if it is one.

    Args:
        path: Key path of ``data`` in the file, "" for the whole file.
    """
    if not isinstance(data, dict):
        return [Problem(path or "recipe", f"must be a table, not {_named(data)}")]
    return list(_table_problems(kind, data, path))


def _table_problems(
    kind: type[Struct], data: dict[str, object], path: str
) -> Iterator[Problem]:
    fields = _fields(kind)
    for key in data:
        if key not in fields:
            yield Problem(_join(path, key), "unknown key", find_near(key, list(fields)))
    for name, field in fields.items():
        if name not in data:
            if field.required:
                yield Problem(_join(path, name), "is missing", _described(field.type))
            continue
        yield from _value_problems(field.type, data[name], _join(path, name))


@cache
def _fields(kind: type[Struct]) -> Mapping[str, structs.FieldInfo]:
    """Return the fields of a table; looked up once, as a list has hundreds of rows."""
    return {field.encode_name: field for field in structs.fields(kind)}


def _value_problems(kind: object, value: object, path: str) -> Iterator[Problem]:
    nested = _struct_in(kind)
    if nested is not None and isinstance(value, list) and value:
        for number, element in enumerate(value):
            yield from find_problems(nested, element, f"{path}[{number}]")
        return
    if nested is not None and isinstance(value, dict) and not _is_sequence(kind):
        yield from _table_problems(nested, value, path)
        return
    element = _element_type(kind)
    if element is not None and isinstance(value, list) and value:
        for number, member in enumerate(value):
            yield from _value_problems(element, member, f"{path}[{number}]")
        return
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        yield _problem(str(error), kind, value, path)


def _problem(message: str, kind: object, value: object, path: str) -> Problem:
    inner = _PATH.search(message)
    place = path + (inner["path"] if inner else "")
    text = _PATH.sub("", message)
    choices = _choices(kind)
    hint = ""
    if choices and isinstance(value, str):
        text = f"'{value}' is not one of {', '.join(choices)}"
        hint = find_near(value, choices)
    elif "matching regex" in text:
        text, hint = f"'{value}' {_pattern_words(text)}", _described(kind)
    elif expected := _EXPECTED.match(text):
        wanted = [_WORDS.get(word, word) for word in expected["wanted"].split(" | ")]
        got = _WORDS.get(expected["got"], expected["got"])
        text = f"must be {' or '.join(wanted)}, not {got}"
    return Problem(place, text[:1].lower() + text[1:], hint)


def _pattern_words(message: str) -> str:
    if "a-z0-9_-" in message:
        return "may hold lower-case letters, digits, '-' and '_' only"
    return "is not of the form this key has"


def _choices(kind: object) -> list[str]:
    arguments = get_args(kind)
    if str(get_origin(kind)) == "typing.Literal":
        return [str(argument) for argument in arguments]
    return [choice for argument in arguments for choice in _choices(argument)]


@cache
def _struct_in(kind: object) -> type[Struct] | None:
    if isinstance(kind, type) and issubclass(kind, Struct):
        return kind
    found = (_struct_in(argument) for argument in get_args(kind))
    return next((struct for struct in found if struct is not None), None)


@cache
def _element_type(kind: object) -> object | None:
    if get_origin(kind) is tuple:
        element: object = get_args(kind)[0]
        return element
    found = (_element_type(argument) for argument in get_args(kind))
    return next((element for element in found if element is not None), None)


def _is_sequence(kind: object) -> bool:
    return get_origin(kind) is tuple or any(map(_is_sequence, get_args(kind)))


def _described(kind: object) -> str:
    for part in getattr(kind, "__metadata__", ()):
        if isinstance(part, msgspec.Meta) and part.description:
            return part.description
    return ""


def find_near(key: str, known: list[str]) -> str:
    """Return the question whether a known key was meant, else all that are known."""
    matches = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    if matches:
        return f"did you mean '{matches[0]}'?"
    return f"known here: {', '.join(known)}"


def _named(value: object) -> str:
    name = {"list": "array", "dict": "object"}.get(type(value).__name__)
    return _WORDS.get(name or type(value).__name__, "something else")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
