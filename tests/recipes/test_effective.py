"""Every key of a recipe, and whether its file says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.errors import UserError
from subak.recipes.effective import effective_keys
from subak.recipes.load import shipped_recipes

RECIPE = """
name = "small"
[[source]]
kind = "page"
url = "https://tax.example/a"
category = "tax"
[[facts]]
category = "tax"
max_chars = 900
[[facts.fields]]
name = "vat"
kind = "percent"
words = ["VAT"]
[output]
formats = ["json"]
"""


def test_effective_keys_tell_the_file_from_the_default(tmp_path: Path) -> None:
    """A key of the file is the recipe's, any other is built in."""
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE)
    found = {key.path: (key.value, key.origin) for key in effective_keys(path)}
    assert found["name"] == ('"small"', "recipe")
    assert found["language"] == ('"en"', "built in")
    assert found["facts[0].max_chars"] == ("900", "recipe")
    assert found["facts[0].fields"] == ("1: vat", "recipe")
    assert found["output.formats"] == ('["json"]', "recipe")
    assert found["output.folder"] == ('"out"', "built in")
    assert found["source"] == ("1: https://tax.example/a", "recipe")


@pytest.mark.parametrize("name", sorted(shipped_recipes()))
def test_effective_keys_of_shipped_recipes_name_each_key_once(name: str) -> None:
    """Whatever a recipe holds, each of its keys has one line."""
    paths = [
        key.path for key in effective_keys(shipped_recipes()[name] / "recipe.toml")
    ]
    assert len(paths) == len(set(paths)) > 20


def test_effective_keys_of_a_broken_recipe_say_what_is_wrong(tmp_path: Path) -> None:
    """A file that is no recipe is an error with its reason."""
    path = tmp_path / "recipe.toml"
    path.write_text("name = 3\n")
    with pytest.raises(UserError):
        effective_keys(path)
