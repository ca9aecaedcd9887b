"""What a recipe's fields are: as schemas of facts, and by what they are called."""

from __future__ import annotations

from collections.abc import Mapping

from subak.knowledge.facts.schema import FactSchema, Field
from subak.knowledge.results import FieldTitle
from subak.recipes.schema import FactsSection, FieldSection, Recipe


def fact_schemas(recipe: Recipe) -> Mapping[str, FactSchema]:
    """Return the fact schema of each category."""
    return {section.category: fact_schema(section) for section in recipe.facts}


def fact_schema(section: FactsSection) -> FactSchema:
    """Return one section's fields as what facts are searched by."""
    return FactSchema(
        category=section.category,
        entity_kind=section.entity,
        fields=tuple(map(_field, section.fields)),
    )


def field_titles(recipe: Recipe) -> tuple[FieldTitle, ...]:
    """Return how the recipe's fields are called, in its order."""
    return tuple(
        FieldTitle(section.category, field.name, _title(field))
        for section in recipe.facts
        for field in section.fields
    )


def _field(section: FieldSection) -> Field:
    return Field(
        name=section.name,
        title=_title(section),
        kind=section.kind,
        meaning=section.meaning,
        unit=section.unit,
        words=section.words,
        negations=section.negations,
        values=section.values,
        minimum=section.minimum,
        maximum=section.maximum,
        statement=section.statement,
        statements=section.statements,
        rate_unit=section.rate_unit,
        structure=section.structure,
    )


def _title(section: FieldSection) -> str:
    return section.title or section.name.replace("_", " ").capitalize()
