"""Recipes: every mistake told at once, with its place and a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from subak.errors import RecipeError, UserError
from subak.recipes.load import find_recipe, load_recipe, parse_recipe, shipped_recipes
from subak.recipes.reference import recipe_reference

GOOD = """
name = "small"
[[source]]
kind = "page"
url = "http://example.org/"
category = "tax"
[[facts]]
category = "tax"
[[facts.fields]]
name = "vat"
kind = "percent"
statement = "The VAT of {entity} is {value}."
"""


@pytest.mark.parametrize("name", sorted(shipped_recipes()))
def test_shipped_recipe_loads(name: str) -> None:
    """Each recipe that comes with subak is valid."""
    assert load_recipe(find_recipe(name)).name == name


def test_recipe_with_three_mistakes_names_all_three() -> None:
    """One run of the command is enough to mend a recipe."""
    text = GOOD.replace('kind = "page"', 'kind = "pge"')
    text = text.replace("name = ", "nam = ", 1).replace('"percent"', "7")
    with pytest.raises(RecipeError) as caught:
        parse_recipe(text, where="small.toml")
    places = {problem.path for problem in caught.value.problems}
    assert places == {"nam", "name", "source[0].kind", "facts[0].fields[0].kind"}
    shown = str(caught.value)
    assert "did you mean 'page'?" in shown
    assert "did you mean 'name'?" in shown


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("http://example.org/", "ftp://x", "source[0].url", "not an http"),
        ('url = "http://example.org/"', "", "source[0].url", "is missing"),
        ('category = "tax"\n[[facts.', "[[facts.", "", ""),
        ("{entity}", "{country}", "facts[0].fields[0].statement", "{country}"),
        ("{entity}", "{", "facts[0].fields[0].statement", "not a template"),
        ('"percent"', '"enum"', "facts[0].fields[0].values", "enum needs its values"),
        ('"vat"', '"VAT rate"', "facts[0].fields[0].name", "lower-case"),
        ('url = "http', 'limit = "3"\nurl = "http', "source[0].limit", "whole number"),
    ],
)
def test_recipe_mistake_is_told_with_its_place(
    old: str, new: str, place: str, said: str
) -> None:
    """What is well-formed but cannot be meant is refused as well."""
    text = GOOD.replace(old, new, 1)
    if not place:
        assert parse_recipe(text).facts[0].category == ""
        return
    with pytest.raises(RecipeError) as caught:
        parse_recipe(text)
    problem = next(p for p in caught.value.problems if p.path == place)
    assert said in problem.message


def test_recipe_that_is_not_toml_names_the_line() -> None:
    """A syntax error is told with line and column."""
    with pytest.raises(UserError, match="line 2"):
        parse_recipe("name = 'x'\nkind = = 3")


def test_missing_recipe_says_how_to_get_one(tmp_path: Path) -> None:
    """The error for a file that isn't there ends with a command to type."""
    with pytest.raises(UserError) as caught:
        find_recipe(str(tmp_path / "nosuch.toml"))
    assert "subak init" in caught.value.hint


def test_recipe_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """Binary garbage is an error with the file's name, not a traceback."""
    path = tmp_path / "garbage.toml"
    path.write_bytes(b"\xff\xfe\x00garbage")
    with pytest.raises(UserError, match="cannot read"):
        load_recipe(path)


def test_reference_in_the_docs_is_current() -> None:
    """The page of recipe keys is what the schema says today."""
    page = Path(__file__).parents[2] / "docs" / "recipes.md"
    assert recipe_reference() in page.read_text(encoding="utf-8")
