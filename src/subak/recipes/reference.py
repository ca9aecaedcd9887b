"""The reference of recipe keys, made from the schema so that it can't go stale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args, get_origin

import msgspec
from msgspec import NODEFAULT, Struct, structs

from subak.recipes.machine_section import MachineSection
from subak.recipes.notify_section import NotifySection
from subak.recipes.schedule_section import ScheduleSection
from subak.recipes.schema import (
    ArticleSection,
    ClaimsSection,
    FactsSection,
    FetchSection,
    FieldSection,
    ModelSection,
    OutputSection,
    PreviousSection,
    ProfileSection,
    QuestionSection,
    Recipe,
    ReviewSection,
    SourceSection,
)

_SECTIONS: tuple[tuple[str, type[Struct]], ...] = (
    ("Top of the file", Recipe),
    ("[model]", ModelSection),
    ("[fetch]", FetchSection),
    ("[[source]]", SourceSection),
    ("[[facts]]", FactsSection),
    ("[[facts.fields]]", FieldSection),
    ("[[claims]]", ClaimsSection),
    ("[[profile]]", ProfileSection),
    ("[[profile.sections]]", QuestionSection),
    ("[article]", ArticleSection),
    ("[review]", ReviewSection),
    ("[previous]", PreviousSection),
    ("[output]", OutputSection),
    ("[schedule]", ScheduleSection),
    ("[machine]", MachineSection),
    ("[[notify]]", NotifySection),
)


def recipe_reference() -> str:
    """Return every recipe key with type, default and meaning, as Markdown."""
    return "\n".join(line for section in _SECTIONS for line in _lines(*section))


def _lines(heading: str, kind: type[Struct]) -> Iterator[str]:
    yield f"### {heading}\n"
    yield (kind.__doc__ or "").strip() + "\n"
    yield "| key | type | default | meaning |"
    yield "|---|---|---|---|"
    for field in structs.fields(kind):
        meaning = _meaning(field.type)
        if not meaning:
            continue
        cells = (f"`{field.encode_name}`", _type(field.type), _default(field), meaning)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
    yield ""


def _meaning(kind: object) -> str:
    parts = getattr(kind, "__metadata__", ())
    texts = [p.description for p in parts if isinstance(p, msgspec.Meta)]
    return next((text for text in texts if text), "")


def _type(kind: object) -> str:
    arguments = get_args(kind)
    if getattr(kind, "__metadata__", None):
        return _type(arguments[0])
    if str(get_origin(kind)) == "typing.Literal":
        return " or ".join(f"`{choice}`" for choice in arguments if choice)
    if get_origin(kind) is tuple:
        return f"list of {_type(arguments[0])}"
    if get_origin(kind) is dict:
        return "table of text"
    if arguments:
        return _type(next(part for part in arguments if part is not type(None)))
    names = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    if isinstance(kind, type) and issubclass(kind, Struct):
        return "table"
    return next((name for known, name in names.items() if kind is known), "value")


def _default(field: structs.FieldInfo) -> str:
    if field.required:
        return "required"
    if field.default is NODEFAULT or field.default in (None, "", ()):
        return ""
    if isinstance(field.default, tuple):
        return ", ".join(f"`{value}`" for value in field.default)
    if isinstance(field.default, bool):
        return f"`{str(field.default).lower()}`"
    return f"`{field.default}`"
