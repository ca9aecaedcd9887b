"""LabelledSet: documents of which it is known what they say."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from subak.errors import Problem, RecipeError, UserError
from subak.evaluation.gold import Gold, read_gold, read_value
from subak.evaluation.set_file import CaseSection, SetFile
from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.facts.schema import FactSchema
from subak.recipes.check import find_near, find_problems
from subak.recipes.fact_schemas import fact_schemas
from subak.recipes.load import parse_recipe
from subak.recipes.schema import Recipe

SHIPPED = Path(__file__).parent / "sets"
_HINT = "a set is a folder with gold.json, schema.toml and documents/"


@dataclass(frozen=True, slots=True)
class Case:
    """One document and what it says.

    Args:
        path: The file; its name is the case's.
        gold: By field, for every field of the schema.
        traps: Values that stand in the document and are wrong, by field.
        previous: An older record of the same thing, by field.
    """

    path: Path
    entity: str
    language: str
    is_long: bool
    gold: Mapping[str, Gold]
    traps: Mapping[str, tuple[FieldValue, ...]]
    previous: Mapping[str, FieldValue]

    @property
    def name(self) -> str:
        """Return what the case is called."""
        return self.path.name


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Documents, what is asked of them, and the answers.

    Args:
        name: That of its folder.
        recipe: The part of a recipe that says what is asked.
        schema: The same as stages take it.
    """

    name: str
    title: str
    recipe: Recipe
    schema: FactSchema
    cases: tuple[Case, ...]


def find_set(text: str) -> Path:
    """Return the folder of a set: a path, or the name of one that ships.

    Raises:
        UserError: There is none.
    """
    path = Path(text)
    if (path / "gold.json").is_file():
        return path
    shipped = sorted(folder.name for folder in SHIPPED.iterdir())
    if text in shipped:
        return SHIPPED / text
    raise UserError(
        f"there is no labelled set '{text}'",
        where=str(path.absolute()),
        hint=f"{_HINT}; shipped: {', '.join(shipped)}",
    )


def load_set(folder: Path) -> LabelledSet:
    """Return the set in a folder.

    Raises:
        UserError: A file cannot be read, or is wrong; every mistake is told.
    """
    recipe = read_schema(folder / "schema.toml")
    schema = next(iter(fact_schemas(recipe).values()))
    file = folder / "gold.json"
    data = _read_json(file)
    problems = find_problems(SetFile, data)
    if problems:
        raise _wrong(problems, file)
    written = msgspec.convert(data, SetFile)
    reader = _Cases(folder / "documents", schema, [])
    cases = tuple(reader.read(written))
    if reader.problems:
        raise _wrong(reader.problems, file)
    return LabelledSet(
        folder.resolve().name, written.title or folder.name, recipe, schema, cases
    )


def read_schema(path: Path) -> Recipe:
    """Return what a schema file asks for: the ``[[facts]]`` of a recipe, once.

    Raises:
        UserError: It cannot be read, or is wrong; every mistake is told.
    """
    text = _read(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"not valid TOML: {error}", where=str(path)) from error
    sections = data.get("facts")
    if set(data) != {"facts"} or not isinstance(sections, list) or len(sections) != 1:
        raise UserError(
            "a schema is one [[facts]] of a recipe, and nothing else",
            where=str(path),
            hint="copy it from a recipe: subak init mine --from tax",
        )
    first = sections[0]
    category = first.get("category", "") if isinstance(first, dict) else ""
    source = '[[source]]\nkind = "files"\npaths = ["documents/*"]\n'
    source += f"category = {json.dumps(str(category))}\n"
    return parse_recipe(f'name = "eval"\n{text}\n{source}', where=str(path))


@dataclass(frozen=True, slots=True)
class _Cases:
    """Reads the cases and gathers what is wrong with them."""

    documents: Path
    schema: FactSchema
    problems: list[Problem]

    def read(self, written: SetFile) -> Iterator[Case]:
        seen: set[str] = set()
        for number, section in enumerate(written.documents):
            place = f"documents[{number}]"
            path = self.documents / section.file
            if section.file in seen:
                self._tell(f"{place}.file", f"'{section.file}' stands twice")
            elif not path.is_file():
                self._tell(f"{place}.file", f"there is no documents/{section.file}")
            seen.add(section.file)
            yield self._case(section, path, f"{section.file}: ")

    def _case(self, section: CaseSection, path: Path, place: str) -> Case:
        names = [field.name for field in self.schema.fields]
        for key in ("gold", "traps", "previous"):
            for name in getattr(section, key):
                if name not in names:
                    self._tell(
                        f"{place}{key}.{name}", "no such field", find_near(name, names)
                    )
        return Case(
            path=path,
            entity=section.entity,
            language=section.language,
            is_long=section.long,
            gold=self._gold(section, f"{place}gold"),
            traps={
                name: tuple(self._values(name, values, f"{place}traps"))
                for name, values in section.traps.items()
            },
            previous={
                name: value
                for name, written in section.previous.items()
                for value in self._values(name, [written], f"{place}previous")
            },
        )

    def _gold(self, section: CaseSection, place: str) -> dict[str, Gold]:
        found: dict[str, Gold] = {}
        for field in self.schema.fields:
            if field.name not in section.gold:
                hint = "write null where the document says nothing"
                self._tell(f"{place}.{field.name}", "is missing", hint)
                continue
            try:
                found[field.name] = read_gold(section.gold[field.name], field)
            except ValueError as error:
                self._tell(f"{place}.{field.name}", str(error))
        return found

    def _values(
        self, name: str, written: list[object], place: str
    ) -> Iterator[FieldValue]:
        for field in self.schema.fields:
            if field.name == name:
                for each in written:
                    try:
                        yield read_value(each, field)
                    except ValueError as error:
                        self._tell(f"{place}.{name}", str(error))

    def _tell(self, place: str, message: str, hint: str = "") -> None:
        self.problems.append(Problem(place, message, hint))


def _wrong(problems: list[Problem], file: Path) -> RecipeError:
    return RecipeError(problems, where=str(file), what="labelled set")


def _read_json(file: Path) -> object:
    try:
        return json.loads(_read(file))
    except ValueError as error:
        raise UserError(f"not valid JSON: {error}", where=str(file)) from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"cannot read it: {error}", where=str(file), hint=_HINT
        ) from error
