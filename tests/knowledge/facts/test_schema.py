"""The schema a model is held to."""

from __future__ import annotations

import json
from dataclasses import replace

import fastjsonschema
import pytest

from subak.knowledge.facts.schema import FactSchema, Field

_SCHEMA = FactSchema(
    "tax",
    "country",
    (
        Field("vat", "VAT rate", "percent", meaning="standard rate", words=("VAT",)),
        Field("since", "Since", "date"),
        Field("system", "System", "enum", values=("common law", "civil law")),
        Field("dual", "Dual", "boolean"),
        Field("gdp", "GDP", "money", unit="USD"),
        Field("name", "Name", "text"),
    ),
)


def test_json_schema_allows_null_for_every_field() -> None:
    """A text that doesn't say is answered with null, and no key may be left out."""
    validate = fastjsonschema.compile(json.loads(_SCHEMA.json_schema()))
    empty = dict.fromkeys(field.name for field in _SCHEMA.fields)
    validate(empty)
    with pytest.raises(fastjsonschema.JsonSchemaException):
        validate({"vat": None})


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("vat", 19.5, "19.5"),
        ("since", "2024-01-01", 2024),
        ("system", "civil law", "mixed"),
        ("dual", False, "no"),
        ("gdp", 5, "5"),
        ("name", "x", 1),
    ],
)
def test_json_schema_types_follow_the_kind(
    name: str, good: object, bad: object
) -> None:
    """Each kind admits its own JSON type only."""
    validate = fastjsonschema.compile(json.loads(_SCHEMA.json_schema()))
    empty: dict[str, object] = dict.fromkeys(field.name for field in _SCHEMA.fields)
    validate(empty | {name: good})
    with pytest.raises(fastjsonschema.JsonSchemaException):
        validate(empty | {name: bad})


def test_json_schema_is_canonical_and_shows_no_example() -> None:
    """It is compact, tells a field's meaning once, and nothing a model could copy."""
    text = _SCHEMA.json_schema()
    assert text == json.dumps(json.loads(text), separators=(",", ":"))
    assert '"description":"standard rate"' in text
    assert '"description":"Dual"' in text
    assert "VAT rate" not in text
    assert "example" not in text
    assert "default" not in text


def test_json_schema_of_ranges_wants_rows_of_three() -> None:
    """A row is from, to and value; whole lists may be null, rows may not be short."""
    schema = FactSchema("", "", (Field("income", "Income tax", "ranges"),))
    validate = fastjsonschema.compile(json.loads(schema.json_schema()))
    validate({"income": [[0, 1000, 10], [1000, None, 20.5]]})
    validate({"income": None})
    for bad in ([[0, 1000]], [{"from": 0, "to": None, "value": 1}], [["0", None, 1]]):
        with pytest.raises(fastjsonschema.JsonSchemaException):
            validate({"income": bad})


def test_digest_follows_everything_results_depend_on() -> None:
    """Words decide the evidence, so they are part of the digest."""
    changed = replace(_SCHEMA.fields[0], words=("IVA",))
    other = replace(_SCHEMA, fields=(changed, *_SCHEMA.fields[1:]))
    assert other.digest != _SCHEMA.digest
    assert replace(_SCHEMA).digest == _SCHEMA.digest


def test_result_unit_of_a_percentage_says_of_what() -> None:
    """The recipe's "of GDP" follows the sign."""
    assert Field("debt", "Debt", "percent", unit="of GDP").result_unit == "% of GDP"
    assert Field("vat", "VAT", "percent").result_unit == "%"
    assert Field("stay", "Stay", "number", unit="years").result_unit == "years"
