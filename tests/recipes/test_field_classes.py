"""Schemas from classes: what an attribute's type and notes say becomes a field."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from subak.errors import RecipeError, UserError
from subak.knowledge.facts.ranges import Range
from subak.recipes.field_classes import schema_of


class Taxes(Struct):
    """Taxes of a country."""

    vat: (
        Annotated[
            float,
            Meta(
                title="VAT rate",
                description="standard rate",
                ge=0,
                le=40,
                extra_json_schema={"unit": "%", "words": ["VAT", "IVA"]},
            ),
        ]
        | None
    )
    gdp: Annotated[float, Meta(extra_json_schema={"unit": "USD"})]
    system: Literal["civil law", "common law"] | None
    dual: bool | None = None
    since: datetime.date | None = None
    brackets: Annotated[
        list[Range], Meta(title="Income tax", extra_json_schema={"unit": "EUR"})
    ] = []
    name: str = ""


class Model:
    """A class as pydantic makes them, as far as it is asked."""

    @classmethod
    def model_json_schema(cls) -> dict[str, object]:
        """Describe the fields as pydantic does."""
        return {
            "$defs": {"Law": {"enum": ["civil", "common"], "type": "string"}},
            "properties": {
                "law": {"anyOf": [{"$ref": "#/$defs/Law"}, {"type": "null"}]},
                "debt": {
                    "anyOf": [{"type": "number"}, {"type": "null"}],
                    "title": "Debt",
                    "kind": "percent",
                    "unit": "of GDP",
                },
            },
        }


def test_schema_of_a_struct_reads_kinds_from_types() -> None:
    """Type, format and unit tell the kind."""
    schema = schema_of(Taxes, category="tax")
    assert (schema.category, schema.entity_kind) == ("tax", "country")
    assert {each.name: each.kind for each in schema.fields} == {
        "vat": "percent",
        "gdp": "money",
        "system": "enum",
        "dual": "boolean",
        "since": "date",
        "brackets": "ranges",
        "name": "text",
    }


def test_schema_of_a_struct_keeps_what_is_noted_beside_a_type() -> None:
    """Title, meaning, bounds, words, unit and allowed values."""
    fields = {each.name: each for each in schema_of(Taxes).fields}
    vat = fields["vat"]
    assert (vat.title, vat.meaning) == ("VAT rate", "standard rate")
    assert (vat.minimum, vat.maximum, vat.words) == (0, 40, ("VAT", "IVA"))
    assert vat.result_unit == "%"
    assert fields["system"].values == ("civil law", "common law")
    assert fields["brackets"].result_unit == "% by EUR"
    assert fields["gdp"].title == "Gdp"


def test_schema_of_a_pydantic_class_needs_no_pydantic() -> None:
    """Its own description of itself is read."""
    law, debt = schema_of(Model).fields
    assert (law.kind, law.values) == ("enum", ("civil", "common"))
    assert (debt.kind, debt.result_unit) == ("percent", "% of GDP")


def test_schema_of_a_dataclass() -> None:
    """Dataclasses are read like structs."""

    @dataclasses.dataclass
    class Small:
        share: float

    (field,) = schema_of(Small).fields
    assert field.kind == "number"


def test_schema_of_refuses_what_has_no_fields() -> None:
    """With what to give instead."""
    with pytest.raises(UserError, match="no fields") as caught:
        schema_of(int)
    assert "Struct" in caught.value.hint


def test_schema_of_names_the_field_it_cannot_read() -> None:
    """A mapping is no kind of value."""

    class Bad(Struct):
        table: dict[str, int]

    with pytest.raises(RecipeError) as caught:
        schema_of(Bad)
    assert "fields[0].kind" in str(caught.value)
