"""ModuleFile: what stands around the data stays, and so does its style."""

from __future__ import annotations

import pytest

from subak.errors import UserError
from subak.knowledge.settling.module_file import Style, read_json, read_module

MODULE = """/* const wrong = { a: 1 } */
// export const taxData = { no: true }
import { x } from './x.js';
const limit = 5;
const note = "const fake = {";
export const taxData = {
    Germany: { name: 'Germany', vat: 19 }, // current
};
export default taxData;
"""


def test_module_is_read_around_its_comments() -> None:
    """The first declared list or table counts; head and tail are kept."""
    module = read_module(MODULE, where="taxData.js")
    assert module.data == {"Germany": {"name": "Germany", "vat": 19}}
    assert module.head == MODULE[: MODULE.index("{\n    Germany")]
    assert module.tail == ";\nexport default taxData;\n"
    assert module.style == Style("    ", "'", has_quoted_keys=False)


@pytest.mark.parametrize(
    "text",
    [
        "const taxData = [{name: 'Italy'}]",
        "export default [{name: 'Italy'}];",
        "module.exports = [{name: 'Italy'}];",
        "export const taxData: Record<string, Tax>[] = [{name: 'Italy'}] as const;",
        "var taxData =\n\n[{name: 'Italy'}]",
    ],
)
def test_modules_of_every_kind_are_read(text: str) -> None:
    """ES modules, CommonJS and TypeScript."""
    module = read_module(text, where="x")
    assert module.data == [{"name": "Italy"}]
    assert f"{module.head}[{{name: 'Italy'}}]{module.tail}" == text


@pytest.mark.parametrize(
    "text", ["", "export const a = 5;", "export const a = load();", "// const a = {}"]
)
def test_a_module_without_data_is_an_error(text: str) -> None:
    """The error shows how such a file reads."""
    with pytest.raises(UserError) as caught:
        read_module(text, where="a.js")
    assert caught.value.where == "a.js"
    assert "export const" in caught.value.hint


def test_json_is_read_with_its_indent() -> None:
    """A second value is no JSON."""
    module = read_json('{\n\t"a": [1, 2,], // x\n}\n', where="a.json")
    assert module.data == {"a": [1, 2]}
    assert module.style == Style("\t", '"', has_quoted_keys=True, is_json=True)
    with pytest.raises(UserError, match="more than one value"):
        read_json('{"a": 1}\n{"a": 2}', where="a.json")
