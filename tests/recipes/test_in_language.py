"""A recipe speaks the language it names, where it has words of it."""

from __future__ import annotations

import pytest

from subak.errors import RecipeError
from subak.recipes.fact_schemas import fact_schemas, field_titles
from subak.recipes.load import find_recipe, load_recipe, parse_recipe
from subak.recipes.schema import Recipe

TEXT = """
name = "x"
language = "{language}"
[[source]]
kind = "page"
url = "https://a.example/"
category = "tax"
[[facts]]
category = "tax"
title = "Taxes"
titles = {{ it = "Imposte" }}
[[facts.fields]]
name = "vat"
kind = "percent"
title = "VAT rate"
statement = "The VAT rate of {{entity}} is {{value}}."
titles = {{ it = "Aliquota IVA" }}
sentences = {{ it = "In {{entity}} l'IVA è del {{value}}.", id = "{{bad}}" }}
[[facts.fields]]
name = "dual"
kind = "boolean"
sentences = {{ it = {{ yes = "{{entity}} sì.", no = "{{entity}} no." }} }}
"""


def _recipe(language: str) -> Recipe:
    return parse_recipe(TEXT.format(language=language))


def test_recipe_takes_the_words_of_its_language() -> None:
    """Headline, titles, statements, and statements by value."""
    recipe = _recipe("it-IT")
    assert recipe.facts[0].title == "Imposte"
    assert [one.title for one in field_titles(recipe)] == ["Aliquota IVA", "Dual"]
    vat, dual = fact_schemas(recipe)["tax"].fields
    assert vat.statement == "In {entity} l'IVA è del {value}."
    assert dual.statements["no"] == "{entity} no."


def test_recipe_keeps_its_own_words_for_other_languages() -> None:
    """What is not translated stays as it is, for there is nothing better."""
    recipe = _recipe("fr")
    assert recipe.facts[0].title == "Taxes"
    (vat, _) = fact_schemas(recipe)["tax"].fields
    assert (vat.title, vat.statement) == (
        "VAT rate",
        "The VAT rate of {entity} is {value}.",
    )


def test_recipe_checks_the_sentences_it_uses() -> None:
    """A broken template of the language is told like any other."""
    with pytest.raises(RecipeError):
        _recipe("id")


@pytest.mark.parametrize("name", ["tax", "intel", "demo"])
@pytest.mark.parametrize("language", ["it", "id"])
def test_shipped_recipes_have_words_for_three_languages(
    name: str, language: str
) -> None:
    """No field of theirs is called in English in an article that is not."""
    path = find_recipe(name)
    text = path.read_text("utf-8").replace(
        'language = "en"', f'language = "{language}"', 1
    )
    english = load_recipe(path)
    recipe = parse_recipe(text, folder=path.parent)
    pairs = zip(field_titles(english), field_titles(recipe), strict=True)
    assert all(one.title != other.title for one, other in pairs)
    heads = zip(english.facts, recipe.facts, strict=True)
    assert all(one.title != other.title for one, other in heads)
