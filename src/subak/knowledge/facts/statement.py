"""Statement: a fact as one literal sentence, from the field's own template."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from subak.errors import UserError
from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.facts.ranges import show_amount, show_ranges
from subak.knowledge.facts.schema import Field

_DEFAULT = "{title} of {entity}: {value}."
_NAMES = ("entity", "value", "title", "unit")


def state(wanted: Field, entity: str, value: FieldValue, unit: str) -> str:
    """Return the sentence that states the value."""
    key = format_value(value, "")
    template = wanted.statements.get(key) or wanted.statement or _DEFAULT
    filled = {
        "entity": entity,
        "value": format_value(value, unit),
        "title": wanted.title or wanted.name,
        "unit": unit,
    }
    return template.format_map(filled)


def format_value(value: FieldValue, unit: str) -> str:
    """Return a value as people write it in English, with its unit."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return show_ranges(value, unit)
    return show_amount(value, unit)


def check_statements(wanted: Field, where: str = "") -> None:
    """Check the sentence templates of a field.

    Raises:
        UserError: A template is broken or uses another name than those allowed.
    """
    for template in (wanted.statement, *wanted.statements.values()):
        for name in _used_names(template, where or wanted.name):
            if name not in _NAMES:
                raise UserError(
                    f"the statement uses '{{{name}}}', which is not known",
                    where=where or wanted.name,
                    hint="use " + ", ".join(f"{{{each}}}" for each in _NAMES),
                )


def _used_names(template: str, where: str) -> Iterator[str]:
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise UserError(
            f"the statement is not a valid template: {error}",
            where=where,
            hint="write {{ and }} for braces that are meant as text",
        ) from error
    for _, name, specification, conversion in parts:
        if name is not None:
            suffix = f"!{conversion}" if conversion else ""
            yield name + suffix + (f":{specification}" if specification else "")
