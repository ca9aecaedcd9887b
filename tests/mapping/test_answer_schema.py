"""The schema file: what is wrong with it is told before anything is sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from subak.errors import UserError
from subak.mapping.answer_schema import read_schema

_GOOD = {"type": "object", "properties": {"z": {"type": "string"}, "a": {}}}


def test_schema_keeps_the_order_of_its_keys(tmp_path: Path) -> None:
    """The model writes the properties in this order; spaces don't matter."""
    path = tmp_path / "s.json"
    path.write_text(json.dumps(_GOOD, indent=4))
    assert json.loads(read_schema(path)) == _GOOD
    assert read_schema(path) == read_schema(_GOOD)
    assert read_schema(path).index('"z"') < read_schema(path).index('"a"')


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ({}, "type"),
        ({"type": "array"}, "type"),
        ({"type": "object", "properties": 7}, "not a valid"),
        ({"type": "object", "properties": {"a": {"type": "strnig"}}}, "not a valid"),
        ({"type": "object", "properties": {"a": {"pattern": "("}}}, "not a valid"),
        (
            {"type": "object", "properties": {"a": {"$ref": "http://127.0.0.1:9/x"}}},
            "another file",
        ),
        (
            {"type": "object", "properties": {"a": {"$ref": "#/$defs/none"}}},
            "not a valid",
        ),
    ],
)
def test_wrong_schema_is_told(schema: dict[str, object], said: str) -> None:
    """No schema is sent that could not be checked; none is fetched."""
    with pytest.raises(UserError, match=said) as told:
        read_schema(schema)
    assert told.value.hint


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[]", b"7"])
def test_file_that_is_no_schema_is_told_with_its_name(
    content: bytes, tmp_path: Path
) -> None:
    """The place is the file."""
    path = tmp_path / "s.json"
    path.write_bytes(content)
    with pytest.raises(UserError) as told:
        read_schema(path)
    assert told.value.where == str(path)
