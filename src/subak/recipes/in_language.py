"""in_language: a recipe with the titles and sentences of its own language."""

from __future__ import annotations

from msgspec import structs

from subak.recipes.schema import FactsSection, FieldSection, Recipe


def in_language(recipe: Recipe) -> Recipe:
    """Return the recipe with what it says in its language, where it says it there."""
    code = recipe.language.partition("-")[0].lower()
    return structs.replace(
        recipe,
        facts=tuple(_facts(section, code) for section in recipe.facts),
        claims=tuple(
            structs.replace(section, title=section.titles.get(code, section.title))
            for section in recipe.claims
        ),
    )


def _facts(section: FactsSection, code: str) -> FactsSection:
    return structs.replace(
        section,
        title=section.titles.get(code, section.title),
        fields=tuple(_field(field, code) for field in section.fields),
    )


def _field(field: FieldSection, code: str) -> FieldSection:
    said = field.sentences.get(code, "")
    return structs.replace(
        field,
        title=field.titles.get(code, field.title),
        statement=said if isinstance(said, str) and said else field.statement,
        statements=said if isinstance(said, dict) else field.statements,
    )
