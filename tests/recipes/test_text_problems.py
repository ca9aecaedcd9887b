"""Mistakes in [[claims]] and [[profile]] are told with their place."""

from __future__ import annotations

import pytest

from subak.errors import RecipeError
from subak.recipes.load import parse_recipe

GOOD = """
name = "texts"
[[source]]
kind = "page"
url = "http://example.org/"
category = "news"
[[claims]]
category = "news"
topics = ["fees"]
[[profile]]
title = "About {entity}"
category = "news"
[[profile.sections]]
title = "Fees"
"""


def test_claims_and_profiles_need_little() -> None:
    """A category and a heading are enough."""
    recipe = parse_recipe(GOOD)
    assert recipe.claims[0].max_claims == 6
    assert recipe.profile[0].sections[0].max_sentences == 6


CLAIMS = '[[claims]]\ncategory = "news"\n[[profile]]'
FACTS = """[[facts]]
category = "news"
[[facts.fields]]
name = "x"
kind = "text"
[[profile]]"""
PROFILE = '[[profile]]\n[[profile.sections]]\ntitle = "x"\n[[profile]]'


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ('category = "news"\ntopics', "topics", "", ""),
        ('"news"\ntopics', '"new"\ntopics', "claims[0].category", "no source has"),
        ("[[profile]]", CLAIMS, "claims[1].category", "stands twice"),
        ("{entity}", "{country}", "profile[0].title", "unknown name '{country}'"),
        ("{entity}", "{", "profile[0].title", "not a template"),
        ("[[profile]]", FACTS, "claims[0].category", "has [[facts]] already"),
        ("[[profile]]", PROFILE, "profile[1].name", "stands twice"),
        ('title = "Fees"', "", "profile[0].sections[0].title", "is missing"),
    ],
)
def test_text_mistake_is_told_with_its_place(
    old: str, new: str, place: str, said: str
) -> None:
    """Each is found by its key path, in words."""
    text = GOOD.replace(old, new)
    assert text != GOOD
    if not place:
        parse_recipe(text)
        return
    with pytest.raises(RecipeError) as caught:
        parse_recipe(text)
    found = {problem.path: problem.message for problem in caught.value.problems}
    assert said in found[place]


def test_claims_of_all_categories_need_sources_with_one() -> None:
    """Articles gather by category, so a source without one is told."""
    text = GOOD.replace('category = "news"', "")
    with pytest.raises(RecipeError) as caught:
        parse_recipe(text)
    assert "source[0].category" in {one.path for one in caught.value.problems}
