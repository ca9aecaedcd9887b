"""Statements: a fact as one sentence, from checked templates only."""

from __future__ import annotations

import pytest

from subak.errors import UserError
from subak.knowledge.facts.schema import Field
from subak.knowledge.facts.statement import check_statements, format_value, state


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (19, "%", "19%"),
        (63.9, "% of GDP", "63.9% of GDP"),
        (8, "years", "8 years"),
        (1, "years", "1 year"),
        (5_247_000_000_000, "USD", "USD 5.247 trillion"),
        (84_012_284, "", "84,012,284"),
        (2_500_000, "", "2.5 million"),
        (62_800, "$", "62,800 $"),
        (-0.25, "%", "-0.25%"),
        (1e-05, "", "0.00001"),
        (True, "", "yes"),
        ("civil law", "", "civil law"),
    ],
)
def test_format_value_writes_what_people_read(
    value: float | str, unit: str, text: str
) -> None:
    """English figures, magnitudes only where they are exact, the unit in its place."""
    assert format_value(value, unit) == text


def test_state_uses_the_fields_template() -> None:
    """The template of the value wins over the field's, that over the default."""
    field = Field(
        "dual",
        "Dual citizenship",
        "boolean",
        statement="{entity}: {value}.",
        statements={"no": "{entity} forbids it."},
    )
    assert state(field, "Japan", False, "") == "Japan forbids it."
    assert state(field, "Italy", True, "") == "Italy: yes."
    plain = Field("vat", "VAT rate", "percent")
    assert state(plain, "Italy", 22, "%") == "VAT rate of Italy: 22%."


def test_state_leaves_braces_of_values_alone() -> None:
    """A value is inserted, never interpreted."""
    field = Field("name", "Name", "text")
    assert state(field, "{value}", "{entity.x}", "") == "Name of {value}: {entity.x}."


@pytest.mark.parametrize(
    "template",
    [
        "{country}",
        "{entity.__class__}",
        "{value[0]}",
        "{value!r}",
        "{value:>9}",
        "{",
        "{}",
    ],
)
def test_check_statements_refuses_other_names(template: str) -> None:
    """Only the four names, without attributes, formats or conversions."""
    with pytest.raises(UserError) as caught:
        check_statements(Field("f", "F", "text", statement=template), "facts.f")
    assert caught.value.where == "facts.f"
    assert caught.value.hint


def test_check_statements_accepts_the_known_names() -> None:
    """Names and doubled braces pass, in every template."""
    field = Field(
        "f",
        "F",
        "enum",
        statement="{entity} {value} {title} {unit} {{x}}",
        statements={"a": "{entity}"},
    )
    check_statements(field)
    broken = Field("f", "F", "enum", statements={"a": "{oops}"})
    with pytest.raises(UserError, match="oops"):
        check_statements(broken)
