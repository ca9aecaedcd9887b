"""Facts: a category's values as a table, each with its proof a step away."""

from __future__ import annotations

from subak.knowledge.settling.published import published_categories
from subak.views.facts import read_facts
from subak.web.page import Asked, Page, Shown
from subak.web.pages.fact_grid import make_grid
from subak.web.pages.known_recipe import known_recipe


def read_facts_page(asked: Asked) -> Shown:
    """Read the table of one category, by default of the first."""
    recipe = known_recipe(asked)
    category = asked.query.get("category")
    if category is None:
        category = next(iter(published_categories(asked.db)), "")
    facts = read_facts(asked.db, category=category, fields_of=recipe.fields_of)
    if category not in facts.categories and facts.categories:
        category = facts.categories[0]
        facts = read_facts(asked.db, category=category, fields_of=recipe.fields_of)
    values = {
        "facts": facts,
        "category": category,
        "grid": make_grid(facts, category, recipe, asked.number("page")),
    }
    return Shown("facts.html.j2", values)


FACTS = Page("facts", "facts", "Facts", read_facts_page, place=30)
