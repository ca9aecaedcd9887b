"""[previous] in a recipe: what it names is there, or the mistake has a place."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from subak.api import RunRequest, aplan
from subak.errors import RecipeError, UserError
from subak.recipes.load import parse_recipe, previous_category
from tests.job.pages import FACTS, source

RECIPE = f'name = "job"\n{source("http://127.0.0.1:9/", "Italy")}{FACTS}'


def _problems(previous: str) -> list[tuple[str, str, str]]:
    with pytest.raises(RecipeError) as caught:
        parse_recipe(f"{RECIPE}\n[previous]\n{previous}")
    return [(one.path, one.message, one.hint) for one in caught.value.problems]


def test_previous_belongs_to_the_first_facts() -> None:
    """The usual recipe has one category, so it needs no mention."""
    map_ = '"vat.standard" = "vat", has = "vat?", system = "vat.system"'
    recipe = parse_recipe(f"{RECIPE}\n[previous]\nmap = {{ {map_} }}")
    assert previous_category(recipe) == "tax"
    assert recipe.previous.entity == "name"


def test_unknown_fields_and_categories_are_told() -> None:
    """Each with its path and what may be meant."""
    ((path, message, hint),) = _problems('map = { "vat.standard" = "vatt" }')
    assert path == "previous.map.vat.standard"
    assert "unknown field 'vatt'" in message
    assert hint == "did you mean 'vat'?"
    ((path, _, hint),) = _problems('category = "visa"\nmap = { a = "vat" }')
    assert (path, hint) == ("previous.category", "known: tax")


def test_a_date_has_a_form() -> None:
    """Another form is told before anything is read."""
    ((path, *_),) = _problems('date = "30.6.2025"')
    assert path == "previous.date"


def test_previous_needs_facts() -> None:
    """Without fields there is nothing to map to."""
    plain = f'name = "x"\n{source("http://127.0.0.1:9/", "Italy")}'
    with pytest.raises(RecipeError) as caught:
        parse_recipe(f'{plain}\n[previous]\nfile = "a.js"')
    assert caught.value.problems[0].path == "previous"


def test_facts_of_any_category_need_one_named() -> None:
    """Old values belong to one category, which the recipe must say then."""
    facts = FACTS.replace('category = "tax"\n', "")
    plain = f'name = "x"\n{source("http://127.0.0.1:9/", "Italy")}{facts}'
    with pytest.raises(RecipeError) as caught:
        parse_recipe(f'{plain}\n[previous]\nfile = "a.js"')
    assert caught.value.problems[0].path == "previous.category"
    parse_recipe(f'{plain}\n[previous]\nfile = "a.js"\ncategory = "tax"')


@pytest.mark.parametrize("text", [None, "const a = load();"])
def test_a_plan_tells_of_a_file_that_cannot_be_read(
    tmp_path: Path, text: str | None
) -> None:
    """Before anything is fetched."""
    if text is not None:
        (tmp_path / "old.js").write_text(text)
    path = tmp_path / "recipe.toml"
    path.write_text(f'{RECIPE}\n[previous]\nfile = "old.js"\nmap = {{ a = "vat" }}')
    with pytest.raises(UserError) as caught:
        asyncio.run(aplan(RunRequest(str(path), workers=0)))
    assert "old.js" in caught.value.where
