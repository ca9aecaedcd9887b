"""What is well-formed but cannot be meant in [[claims]] and [[profile]]."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping

from subak.errors import Problem
from subak.recipes.schema import ProfileSection, Recipe


def find_text_problems(recipe: Recipe) -> Iterator[Problem]:
    """Tell what cannot be meant in the sections about claims and profiles."""
    claims = {f"claims[{n}]": one.category for n, one in enumerate(recipe.claims)}
    yield from _category_problems(claims, recipe, once=True)
    profiles = {f"profile[{n}]": one.category for n, one in enumerate(recipe.profile)}
    yield from _category_problems(profiles, recipe, once=False)
    with_facts = {section.category for section in recipe.facts}
    for path, category in claims.items():
        if category in with_facts:
            yield Problem(
                f"{path}.category",
                f"'{category}' has [[facts]] already",
                "a category has facts or claims; give one of them another category",
            )
    if claims and recipe.article.write:
        yield from _unsorted_problems(recipe)
    names: set[str] = set()
    for number, profile in enumerate(recipe.profile):
        path = f"profile[{number}]"
        if profile.name in names:
            hint = 'texts about one entity need different names: name = "taxes"'
            yield Problem(f"{path}.name", f"'{profile.name}' stands twice", hint)
        names.add(profile.name)
        yield from _title_problems(profile, f"{path}.title")


def _category_problems(
    sections: Mapping[str, str], recipe: Recipe, *, once: bool
) -> Iterator[Problem]:
    known = {source.category for source in recipe.source}
    seen: set[str] = set()
    for path, category in sections.items():
        if once and category in seen:
            yield Problem(f"{path}.category", f"'{category}' stands twice")
        seen.add(category)
        if category and category not in known:
            yield Problem(
                f"{path}.category",
                f"no source has the category '{category}'",
                f"sources have: {', '.join(sorted(filter(None, known)))}",
            )


def _unsorted_problems(recipe: Recipe) -> Iterator[Problem]:
    """Articles gather claims by category, so each document must have one."""
    if any(not section.category for section in recipe.claims):
        for number, source in enumerate(recipe.source):
            if not source.category:
                path = source.list or f"source[{number}]"
                hint = 'claims of documents are gathered by it: category = "news"'
                yield Problem(f"{path}.category", "is missing", hint)


def _title_problems(profile: ProfileSection, path: str) -> Iterator[Problem]:
    try:
        parsed = list(string.Formatter().parse(profile.title))
    except ValueError as error:
        yield Problem(path, f"is not a template: {error}")
        return
    for name in sorted({name for _, name, _, _ in parsed if name is not None}):
        if name != "entity":
            yield Problem(path, f"unknown name '{{{name}}}'", "use {entity}")
