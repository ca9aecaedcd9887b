"""Statement: a fact as one literal sentence, from the field's own template."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from string import Formatter

from subak.errors import UserError
from subak.knowledge.fact import FieldValue
from subak.knowledge.schema import Field

_DEFAULT = "{title} of {entity}: {value}."
_NAMES = ("entity", "value", "title", "unit")
_MAGNITUDES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


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
    figure = _figure(value)
    if unit.startswith("%"):
        return f"{figure}{unit}"
    if len(unit) == 3 and unit.isupper():
        return f"{unit} {figure}"
    if value == 1 and unit.endswith("s"):
        unit = unit.removesuffix("s")
    return f"{figure} {unit}".strip()


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


def _figure(value: float) -> str:
    """Large round amounts keep their magnitude word: 5.247 trillion."""
    for size, word in _MAGNITUDES:
        scaled = Decimal(repr(value)) / size
        if abs(scaled) >= 1 and scaled == round(scaled, 3):
            return f"{_plain(scaled)} {word}"
    return _plain(Decimal(repr(value)))


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
