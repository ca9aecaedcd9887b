"""Fact: one field of one entity: its value, its proof, its history, its disputes."""

from __future__ import annotations

from subak.errors import UserError
from subak.knowledge.settling.published import read_editions
from subak.outputs.values import show_value
from subak.views.facts import read_facts
from subak.web.page import Asked, Page, Shown
from subak.web.pages.known_recipe import known_recipe


def read_fact(asked: Asked) -> Shown:
    """Read all that is known of a field.

    Raises:
        UserError: Nothing is.
    """
    recipe = known_recipe(asked)
    category, entity, name = (
        asked.query.get(each, "") for each in ("category", "entity", "field")
    )
    facts = read_facts(asked.db, category=category, fields_of=recipe.fields_of)
    place = (entity, name)
    settled = next((one for one in facts.settled if one.key == place), None)
    refused = [one for one in facts.refused if (one.entity, one.field) == place]
    editions = read_editions(asked.db, category, entity, name)
    if settled is None and not refused and not editions:
        raise UserError(
            f"nothing is known of '{name}' of '{entity}'",
            hint="the page of facts lists what is",
        )
    title = recipe.title(category, name)
    values = {
        "facts": facts,
        "category": category,
        "entity": entity,
        "field": name,
        "field_title": title,
        "settled": settled,
        "refused": refused,
        "editions": editions,
        "show": show_value,
    }
    whole = f"{title}, {entity}" if entity else title
    return Shown("fact.html.j2", values, title=whole)


FACT = Page("fact", "facts/one", "Fact", read_fact, under="facts")
