"""PreviousData: yesterday's values from a file of the user's own, by a mapping.

They stand for what was published before the first run. They have no quotes, so they
are never shown as proved, and no model ever sees them.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from subak.errors import UserError
from subak.knowledge.facts.fact import Fact, FieldValue
from subak.knowledge.facts.identity import find_country
from subak.knowledge.facts.schema import Field
from subak.knowledge.facts.statement import state
from subak.knowledge.settling.bracket_form import find_form
from subak.knowledge.settling.module_file import (
    ModuleFile,
    Style,
    read_json,
    read_module,
)
from subak.knowledge.settling.settlement import Key, Past

MAX_BYTES = 50_000_000
_YES = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class PreviousMap:
    """Which part of a record is which field.

    Args:
        category: Category of the fields; "" for all, where there is no file.
        entity: Path of the name a record is about; "" for its key in the table.
        fields: Field by path ("vat.standard"); ``field?`` is whether its value is
            above zero, ``field.system`` whether ranges are none, flat or progressive.
        date: ISO date of the file, "" when unknown.
    """

    category: str
    entity: str = "name"
    fields: Mapping[str, str] = field(default_factory=dict)
    date: str = ""


@dataclass(frozen=True, slots=True)
class OldRecord:
    """One record of the file.

    Args:
        key: Its key in a table, "" in a list.
        entity: What it is about, as facts name it.
        data: All it holds.
    """

    key: str
    entity: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PreviousData:
    """The records of a file and how it is written.

    Args:
        file: Its name without folders, "" when there is no file yet.
    """

    file: str
    module: ModuleFile
    map: PreviousMap
    records: tuple[OldRecord, ...] = ()

    def values(self, fields: Mapping[str, Field]) -> dict[Key, Past]:
        """Return what the file holds of these fields; what can't be read is none.

        Args:
            fields: By name.
        """
        found: dict[Key, Past] = {}
        for record in self.records:
            for path, name in self.map.fields.items():
                wanted = fields.get(name)
                if wanted is None:
                    continue
                value = _value(find_path(record.data, path), wanted)
                if value is None or value == "":
                    continue
                fact = self._fact(record.entity, wanted, value)
                past = Past(fact, since=self.map.date, confirmed=self.map.date)
                found[record.entity, name] = past
        return found

    def _fact(self, entity: str, wanted: Field, value: FieldValue) -> Fact:
        # A sum's currency and the bounds' are not in the file, so any fits.
        unit = "" if isinstance(value, tuple | str | bool) else wanted.result_unit
        return Fact(
            entity=entity,
            category=self.map.category,
            field=wanted.name,
            value=value,
            unit=unit,
            level="given",
            evidence=(),
            statement=state(wanted, entity, value, unit),
        )


def read_previous(path: Path, mapping: PreviousMap) -> PreviousData:
    """Return the records of a file: .js, .mjs, .ts, .json, .jsonl or .csv.

    Raises:
        UserError: It cannot be read, or holds no records; names the place.
    """
    where = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError("the file is larger than 50 MB", where=where)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"cannot read the previous values: {error}",
            where=where,
            hint="previous.file is relative to the workspace folder",
        ) from error
    module = _read_module(text, path.suffix.lower(), where)
    records = tuple(_records(module.data, mapping))
    if not records:
        raise UserError(
            "there are no records with a name in it",
            where=where,
            hint=f"previous.entity says where the name stands, now '{mapping.entity}'",
        )
    return PreviousData(_file_name(path), module, mapping, records)


def without_file(name: str, mapping: PreviousMap) -> PreviousData:
    """Return the form of a file that is to be written for the first time.

    Args:
        name: What the data is called: "tax" makes ``taxData.js``.
    """
    parts = "".join(part.capitalize() for part in name.replace("_", "-").split("-"))
    called = f"{parts[:1].lower()}{parts[1:]}Data"
    called = called if called.isidentifier() else "data"
    module = ModuleFile(f"export const {called} = ", [], ";\n", Style())
    return PreviousData(f"{called}.js", module, mapping)


def find_path(record: Mapping[str, object], path: str) -> object:
    """Return what stands at a path of names joined by dots, None for nothing.

    A column of a flat table may be called like the whole path.
    """
    if path in record:
        return record[path]
    found: object = record
    for name in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def _file_name(path: Path) -> str:
    """Return the name of the file to write; tables of text become JSON."""
    is_form = path.suffix.lower() not in {".csv", ".jsonl"}
    return path.name if is_form else f"{path.stem}.json"


def _read_module(text: str, suffix: str, where: str) -> ModuleFile:
    if suffix == ".json":
        return read_json(text, where=where)
    plain = Style("  ", '"', True, True)
    if suffix == ".jsonl":
        lines = [line for line in text.splitlines() if line.strip()]
        rows = [
            _json_line(line, f"{where} line {number}")
            for number, line in enumerate(lines, start=1)
        ]
        return ModuleFile("", rows, "\n", plain)
    if suffix == ".csv":
        rows = [dict(row) for row in csv.DictReader(io.StringIO(text, newline=""))]
        return ModuleFile("", rows, "\n", plain)
    return read_module(text, where=where)


def _json_line(line: str, where: str) -> object:
    try:
        return json.loads(line)
    except ValueError as error:
        raise UserError(f"not valid JSON: {error}", where=where) from error


def _records(data: object, mapping: PreviousMap) -> Iterator[OldRecord]:
    rows: list[tuple[str, object]] = []
    if isinstance(data, Mapping):
        rows = [(str(key), row) for key, row in data.items()]
    elif isinstance(data, list):
        rows = [("", row) for row in data]
    for key, row in rows:
        if isinstance(row, Mapping):
            name = find_path(row, mapping.entity) if mapping.entity else key
            if isinstance(name, str) and name.strip():
                entity = find_country(name, whole=True) or name.strip()
                yield OldRecord(key, entity, row)


def _value(value: object, wanted: Field) -> FieldValue | None:
    """Return an old value as one of the field's kind, None when it is none."""
    if wanted.kind == "ranges":
        form = find_form(value)
        return form.read(value) or None if form else None
    if wanted.kind == "boolean":
        plain = _YES.get(str(value).strip().lower())
        return value if isinstance(value, bool) else plain
    if not wanted.is_number:
        return " ".join(value.split()) if isinstance(value, str) else None
    return _number(value)


def _number(value: object) -> int | float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(str(value).strip().removesuffix("%"))
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
