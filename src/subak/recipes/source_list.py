"""Source lists: hundreds of sources in a CSV or TOML file beside the recipe.

Each row becomes a source as if it stood in the recipe; every mistake is told with
the file, the line and the column.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import get_args, get_origin
from urllib.parse import urlsplit

from msgspec import structs

from subak.errors import Problem
from subak.recipes.check import find_near, find_problems
from subak.recipes.schema import SourceSection

Table = dict[str, object]

MAX_LIST_BYTES = 5_000_000
MAX_ROWS = 10_000
_OWN_KEYS = ("name", "url", "urls")  # of each row: nothing to give for all of them
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_TOML_HEADER = re.compile(r"\s*\[\[\s*source\s*\]\]")
_WHOLE = re.compile(r"-?\d{1,9}")
_TYPES = {each.encode_name: each.type for each in structs.fields(SourceSection)}
_COLUMNS = [name for name in _TYPES if name != "list"]


@dataclass(slots=True)
class Expansion:
    """Sources with those of the lists in their places, and all mistakes.

    The ``list`` of each source says where it stands: "source[0]", "sources.csv:17".
    """

    sources: list[Table] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def expand_lists(tables: list[object], folder: Path | None) -> Expansion:
    """Put the rows of each list in the place of the source that names it.

    Args:
        tables: What the recipe has as ``[[source]]``.
        folder: Where names of lists begin, None for a recipe that is no file.
    """
    found = Expansion()
    for number, table in enumerate(tables):
        place = f"source[{number}]"
        if not isinstance(table, dict) or not table.get("list"):
            _add(found, table, place)
        elif isinstance(table["list"], str) and folder is not None:
            _expand(found, table, place, folder)
        else:
            message = "must be the name of a file beside the recipe"
            found.problems.append(Problem(f"{place}.list", message))
    return found


def _add(found: Expansion, table: object, place: str) -> None:
    problems = find_problems(SourceSection, table, place)
    found.problems += problems
    if isinstance(table, dict) and not problems:
        found.sources.append({**table, "list": place})


def _expand(found: Expansion, table: Table, place: str, folder: Path) -> None:
    name = str(table["list"])
    for key in _OWN_KEYS:
        if key in table:
            message = "stands beside `list`, which holds one for each source"
            found.problems.append(Problem(f"{place}.{key}", message, "remove it"))
    common = {key: value for key, value in table.items() if key not in _OWN_KEYS}
    try:
        text = _read(folder / name)
        read = _toml_rows if name.endswith(".toml") else _csv_rows
        rows = list(read(text, name, "kind" in common))
    except _Unreadable as error:
        message = f"{name}: {error}"
        found.problems.append(Problem(f"{place}.list", message, error.hint))
        return
    if not any(isinstance(row, tuple) for row in rows):
        rows.append(Problem(f"{place}.list", f"{name} holds no sources"))
    names: dict[str, int] = {}
    for row in rows:
        if isinstance(row, Problem):
            found.problems.append(row)
            continue
        line, keys = row
        if isinstance(keys, dict):
            keys = {**common, **keys}
            keys.pop("list", None)
            keys.setdefault("name", _name(keys, names))
        _add(found, keys, f"{name}:{line}")


class _Unreadable(Exception):
    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_LIST_BYTES:
            raise _Unreadable("it is larger than 5 MB", "make several lists of it")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise _Unreadable(reason, f"looked for {path}") from error
    except UnicodeDecodeError as error:
        raise _Unreadable("it is not UTF-8", "save it as UTF-8") from error


def _csv_rows(
    text: str, name: str, has_kind: bool
) -> Iterator[tuple[int, object] | Problem]:
    """Yield line and keys of each source; ``#`` begins a line that says nothing."""
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] | None = None
    begun = 1
    try:
        for cells in reader:
            line, begun = begun, reader.line_num + 1
            if not any(map(str.strip, cells)) or cells[0].lstrip().startswith("#"):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                yield from _header_problems(header, f"{name}:{line}", has_kind)
            elif len(cells) > len(header):
                message = f"has {len(cells)} cells, and there are {len(header)} columns"
                hint = "put text with commas between quotes"
                yield Problem(f"{name}:{line}", message, hint)
            elif line > MAX_ROWS:
                raise _Unreadable(f"it has more than {MAX_ROWS:,} lines")
            else:
                is_told = "kind" not in header and not has_kind  # once is enough
                keys: Table = {"kind": "page"} if is_told else {}
                yield line, {**keys, **_cells(header, cells)}
    except csv.Error as error:
        raise _Unreadable(f"line {reader.line_num}: {error}") from error


def _header_problems(
    header: list[str], place: str, has_kind: bool
) -> Iterator[Problem]:
    if len(header) == 1 and ";" in header[0]:
        hint = "save it with commas; `;` separates several values in one cell"
        yield Problem(place, "has a single column", hint)
        return
    for column in header:
        if column not in _COLUMNS:
            yield Problem(
                f"{place}.{column}", "unknown column", find_near(column, _COLUMNS)
            )
        elif header.count(column) > 1:
            yield Problem(f"{place}.{column}", "stands twice")
    if "kind" not in header and not has_kind:
        hint = "add a column, or a kind for all beside `list`"
        yield Problem(f"{place}.kind", "is missing", hint)


def _cells(header: list[str], cells: list[str]) -> Table:
    """Return the filled cells of known columns as values of their keys."""
    named = zip(header, map(str.strip, cells), strict=False)
    return {
        column: _value(_TYPES[column], cell)
        for column, cell in named
        if cell and column in _COLUMNS
    }


def _value(kind: object, cell: str) -> object:
    """Return a cell as what its key holds; what is none stays text, to be refused."""
    plain = _plain_types(kind)
    if tuple in plain:
        return [part for part in map(str.strip, cell.split(";")) if part]
    if bool in plain:
        return _WORDS.get(cell.lower(), cell)
    if int in plain and _WHOLE.fullmatch(cell):
        return int(cell)
    return cell


def _plain_types(kind: object) -> set[object]:
    origin = get_origin(kind)
    if origin is tuple:
        return {tuple}
    if str(origin) == "typing.Literal":
        return {type(choice) for choice in get_args(kind)}
    inner = [_plain_types(argument) for argument in get_args(kind)]
    return {kind}.union(*inner) if not inner else set().union(*inner)


def _toml_rows(
    text: str, name: str, _has_kind: bool
) -> Iterator[tuple[int, object] | Problem]:
    """Yield line and keys of each ``[[source]]``."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _Unreadable(f"not valid TOML: {error}") from error
    for key in data:
        if key != "source":
            hint = "a list holds [[source]] tables"
            yield Problem(f"{name}.{key}", "unknown key", hint)
    tables = data.get("source", [])
    if not isinstance(tables, list):
        yield Problem(f"{name}.source", "must be [[source]] tables")
        return
    lines = [
        number
        for number, line in enumerate(text.split("\n"), start=1)
        if _TOML_HEADER.match(line)
    ]
    if len(lines) != len(tables):  # written as an inline array
        lines = list(range(1, len(tables) + 1))
    for line, table in zip(lines, tables, strict=True):
        if isinstance(table, dict) and "list" in table:
            hint = "name it in the recipe"
            yield Problem(f"{name}:{line}.list", "a list holds no further list", hint)
        yield line, table


def _name(keys: Table, taken: dict[str, int]) -> str:
    """Return the host as the name, numbered where a host has several sources."""
    url = keys.get("url") or next(iter(_texts(keys.get("urls"))), "")
    host = _host(url) if isinstance(url, str) else ""
    stem = host.removeprefix("www.") or str(keys.get("kind", "source"))
    taken[stem] = taken.get(stem, 0) + 1
    return stem if taken[stem] == 1 else f"{stem}-{taken[stem]}"


def _texts(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
