"""Read a recipe file: typed, or every mistake at once with its key path."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from subak.errors import Problem, RecipeError, UserError
from subak.recipes.check import find_near, find_problems
from subak.recipes.in_language import in_language
from subak.recipes.machine_section import find_machine_problems
from subak.recipes.notify_section import find_notify_problems
from subak.recipes.schema import FactsSection, FieldSection, Recipe, SourceSection
from subak.recipes.source_list import expand_lists
from subak.recipes.text_problems import find_text_problems
from subak.recipes.timing import find_schedule_problems

SHIPPED = Path(__file__).parent / "shipped"
MAX_RECIPE_BYTES = 5_000_000
NOT_A_START = frozenset({"demo"})  # needs the demo's own small web


def shipped_recipes() -> dict[str, Path]:
    """Return the recipes that come with subak, by name."""
    return {folder.name: folder for folder in sorted(SHIPPED.iterdir())}


def find_recipe(text: str) -> Path:
    """Return the recipe file that a command line argument names.

    Args:
        text: A file, a folder with a ``recipe.toml``, or a shipped recipe's name.

    Raises:
        UserError: There is none; tells what was looked for.
    """
    path = Path(text)
    if path.is_dir() and (path / "recipe.toml").is_file():
        return path / "recipe.toml"
    if path.is_file():
        return path
    shipped = shipped_recipes()
    if text in shipped:
        return shipped[text] / "recipe.toml"
    raise UserError(
        f"there is no recipe '{text}'",
        where=str(path.absolute()),
        hint=f"write one with: subak init {path.stem or 'mine'} --from "
        f"{'|'.join(name for name in shipped if name not in NOT_A_START)}",
    )


def load_recipe(path: Path) -> Recipe:
    """Return the recipe in a TOML file.

    Raises:
        UserError: The file cannot be read or is not TOML; names line and column.
        RecipeError: It is TOML but not a recipe; names every problem.
    """
    try:
        if path.stat().st_size > MAX_RECIPE_BYTES:
            raise UserError("the recipe is larger than 5 MB", where=str(path))
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read the recipe: {error}", where=str(path)) from error
    return parse_recipe(text, where=str(path), folder=path.parent)


def parse_recipe(
    text: str, *, where: str = "recipe", folder: Path | None = None
) -> Recipe:
    """Return the recipe written in ``text``; errors as ``load_recipe``.

    Args:
        folder: Where its lists of sources lie, None for a recipe that is no file.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(
            f"not valid TOML: {error}",
            where=where,
            hint="see https://toml.io for the syntax",
        ) from error
    data, problems = _with_lists(data, folder)
    problems = [*find_problems(Recipe, data), *problems]
    if problems:
        raise RecipeError(problems, where=where)
    recipe = in_language(msgspec.convert(data, Recipe))
    problems = list(_meaning_problems(recipe))
    if problems:
        raise RecipeError(problems, where=where)
    return recipe


def _with_lists(
    data: dict[str, object], folder: Path | None
) -> tuple[dict[str, object], list[Problem]]:
    """Return the recipe with the sources of its lists, and what is wrong with them."""
    tables = data.get("source")
    if not isinstance(tables, list):
        return data, []
    if not any(isinstance(table, dict) and table.get("list") for table in tables):
        return data, []
    expansion = expand_lists(tables, folder)
    # Told already, each with its own place, and a recipe needs one.
    sources = expansion.sources or [{"kind": "page"}]
    problems = expansion.problems
    if problems:  # also what is wrong with the others, for it is not looked at later
        well_formed = msgspec.convert(expansion.sources, tuple[SourceSection, ...])
        problems += _sources_problems(well_formed)
    return {**data, "source": sources}, problems


def _meaning_problems(recipe: Recipe) -> Iterator[Problem]:
    """Tell what is well-formed but cannot be meant."""
    yield from _sources_problems(recipe.source)
    categories = {source.category for source in recipe.source}
    seen: set[str] = set()
    for number, facts in enumerate(recipe.facts):
        path = f"facts[{number}]"
        if facts.category in seen:
            yield Problem(f"{path}.category", f"'{facts.category}' stands twice")
        seen.add(facts.category)
        if facts.category and facts.category not in categories:
            yield Problem(
                f"{path}.category",
                f"no source has the category '{facts.category}'",
                f"sources have: {', '.join(sorted(filter(None, categories)))}",
            )
        yield from facts_problems(facts, path)
    if recipe.previous.file or recipe.previous.map:
        yield from _previous_problems(recipe)
    yield from find_text_problems(recipe)
    yield from find_schedule_problems(recipe.schedule)
    yield from find_machine_problems(recipe.machine)
    yield from find_notify_problems(recipe.notify)


def _sources_problems(sources: tuple[SourceSection, ...]) -> Iterator[Problem]:
    names: dict[str, str] = {}
    for number, source in enumerate(sources):
        path = source.list or f"source[{number}]"
        yield from _source_problems(source, path)
        if source.name and (first := names.setdefault(source.name, path)) != path:
            yield Problem(f"{path}.name", f"'{source.name}' stands at {first} too")


def _source_problems(source: SourceSection, path: str) -> Iterator[Problem]:
    yield from _missing_problems(source, path)
    for key, url in (("url", source.url), *(("urls", url) for url in source.urls)):
        if url and urlsplit(url).scheme not in {"http", "https"}:
            yield Problem(f"{path}.{key}", f"'{url}' is not an http or https address")
    is_filled = any("{entity}" in url for url in (source.url, *source.urls))
    if len(source.entities) > 1 and source.kind == "page" and not is_filled:
        yield Problem(
            f"{path}.entities",
            "are several: which page is about which?",
            "put {entity} into the url, or make a [[source]] of each",
        )


def _missing_problems(source: SourceSection, path: str) -> Iterator[Problem]:
    has_address = bool(source.url or source.urls)
    if source.kind == "files":
        if not source.paths:
            yield Problem(f"{path}.paths", "is missing", "give globs of files")
    elif source.kind == "wikipedia":
        if not source.titles:
            yield Problem(f"{path}.titles", "is missing", "give titles of pages")
    elif source.kind == "extractor":
        if not source.url:
            hint = "give the extractor's own address, pages to extract as `urls`"
            yield Problem(f"{path}.url", "is missing", hint)
    elif not has_address:
        yield Problem(f"{path}.url", "is missing", "give `url` or `urls`")


def _previous_problems(recipe: Recipe) -> Iterator[Problem]:
    if not recipe.facts:
        yield Problem("previous", "has no meaning without [[facts]]")
        return
    wanted = previous_category(recipe)
    facts = [one for one in recipe.facts if one.category in ("", wanted)]
    if not wanted or not facts:
        known = ", ".join(one.category for one in recipe.facts if one.category)
        message = f"no [[facts]] has '{wanted}'" if wanted else "is missing"
        yield Problem("previous.category", message, f"known: {known}" if known else "")
        return
    names = [field.name for one in facts for field in one.fields]
    for path, name in recipe.previous.map.items():
        plain = name.removesuffix("?").removesuffix(".system")
        if plain not in names:
            place = f"previous.map.{path}"
            yield Problem(place, f"unknown field '{name}'", find_near(plain, names))


def previous_category(recipe: Recipe) -> str:
    """Return the category whose values ``[previous]`` holds."""
    first = recipe.facts[0].category if recipe.facts else ""
    return recipe.previous.category or first


def facts_problems(facts: FactsSection, path: str) -> Iterator[Problem]:
    """Yield what is well-formed in a section of facts but cannot be meant."""
    names: set[str] = set()
    for number, field in enumerate(facts.fields):
        place = f"{path}.fields[{number}]"
        if field.name in names:
            yield Problem(f"{place}.name", f"'{field.name}' stands twice")
        names.add(field.name)
        if field.kind == "enum" and not field.values:
            yield Problem(f"{place}.values", "is missing: an enum needs its values")
        yield from _template_problems(field, place)


def _template_problems(field: FieldSection, place: str) -> Iterator[Problem]:
    named = [("statement", field.statement)]
    named += [(f"statements.{key}", text) for key, text in field.statements.items()]
    for key, text in named:
        try:
            used = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        except ValueError as error:
            yield Problem(f"{place}.{key}", f"is not a template: {error}")
            continue
        for name in sorted(used - {"entity", "value"}):
            yield Problem(
                f"{place}.{key}",
                f"unknown name '{{{name}}}'",
                "use {entity} and {value}",
            )
