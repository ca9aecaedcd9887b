"""EsModuleWriter: published values in the form of the file there was before.

Records, keys and their order stay as they were; a mapped value is written anew when
one is published, all else is kept. What proves each stands in a second file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from subak.engine.atomic import write_atomically
from subak.knowledge.facts.ranges import Range
from subak.knowledge.results import Results
from subak.knowledge.settling.bracket_form import BracketForm, find_form
from subak.knowledge.settling.module_file import Style
from subak.knowledge.settling.previous import (
    OldRecord,
    PreviousData,
    PreviousMap,
    find_path,
    without_file,
)
from subak.knowledge.settling.settlement import Key, Settled
from subak.outputs.json_text import json_text
from subak.outputs.rows import (
    Row,
    evidence_row,
    history_row,
    plain_value,
    sorted_settled,
    source_urls,
)
from subak.outputs.times import iso_time

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_WIDTH = 88


@dataclass(frozen=True, slots=True)
class EsModuleWriter:
    """Writes the file of previous values anew, and its proof as ``NAME.proof.json``."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write both files and return their paths."""
        update = _Update(results)
        name = PurePath(update.previous.file)
        texts = {
            name.name: update.module_text(),
            f"{name.stem}.proof.json": f"{json_text(update.proof(), indent=2)}\n",
        }
        for file, text in texts.items():
            write_atomically(folder / file, text.encode("utf-8", "replace"))
        return [folder / file for file in texts]


class _Update:
    """The old records with the values that are published now."""

    def __init__(self, results: Results) -> None:
        self.previous = results.previous or _form_of(results)
        self._results = results
        self._map = self.previous.map
        self._settled: dict[Key, Settled] = {}
        for one in sorted_settled(results):
            if self._map.category in ("", one.fact.category):
                self._settled.setdefault(one.key, one)
        self._form = _bracket_form(self.previous)
        self._records = self._all_records()

    def module_text(self) -> str:
        """Return the file."""
        module = self.previous.module
        records = [self._updated(one) for one in self._records]
        data: object = records
        if isinstance(module.data, Mapping):
            keys = [one.key for one in self._records]
            data = {**module.data, **dict(zip(keys, records, strict=True))}
        literal = _literal(data, module.style, "")
        return f"{module.head}{literal}{module.tail}"

    def proof(self) -> Row:
        """Return what proves each mapped value, or that nothing does."""
        return {
            "version": 1,
            "file": self.previous.file,
            "generated_at": iso_time(self._results.generated_at),
            "records": {one.entity: self._proofs(one) for one in self._records},
        }

    def _all_records(self) -> list[OldRecord]:
        """Return the old records, then those of what is new, by name."""
        records = list(self.previous.records)
        known = {one.entity for one in records}
        for entity in sorted({entity for entity, _ in self._settled} - known):
            data: dict[str, object] = {}
            if self._map.entity:
                _put(data, self._map.entity, entity)
            records.append(OldRecord(entity, entity, data))
        return records

    def _updated(self, record: OldRecord) -> Mapping[str, object]:
        data = _copied(record.data)
        for path, name in self._map.fields.items():
            one, derived = self._find(record.entity, name)
            if one is None or one.fact.level == "given":
                continue  # nothing newer than the record itself
            value = _derived(one, derived) if derived else self._written(one)
            if value is not None:
                _put(data, path, value)
        return data

    def _find(self, entity: str, name: str) -> tuple[Settled | None, str]:
        if name.endswith("?"):
            return self._settled.get((entity, name[:-1])), "?"
        if name.endswith(".system"):
            return self._settled.get((entity, name.removesuffix(".system"))), "system"
        return self._settled.get((entity, name)), ""

    def _written(self, one: Settled) -> object:
        value = one.fact.value
        return self._form.write(value) if isinstance(value, tuple) else value

    def _proofs(self, record: OldRecord) -> Row:
        return {
            path: self._proof(record, path, name)
            for path, name in self._map.fields.items()
        }

    def _proof(self, record: OldRecord, path: str, name: str) -> Row:
        one, _ = self._find(record.entity, name)
        if one is None:
            old = find_path(record.data, path)
            return {"field": name, "value": _jsonable(old), "confirmed": False}
        return {
            "field": name,
            "value": plain_value(one.fact.value),
            "unit": one.fact.unit,
            "level": one.fact.level,
            **history_row(one),
            "sources": list(source_urls(one, self._results)),
            "evidence": [evidence_row(each) for each in one.fact.evidence],
        }


def _form_of(results: Results) -> PreviousData:
    """Return the plain form of a recipe without a file: a record of all fields."""
    settled = (one.fact.field for one in sorted_settled(results))
    names = dict.fromkeys((*(one.field for one in results.fields), *settled))
    return without_file(results.name, PreviousMap("", "name", {n: n for n in names}))


def _bracket_form(previous: PreviousData) -> BracketForm:
    for record in previous.records:
        for path in previous.map.fields:
            if form := find_form(find_path(record.data, path)):
                return form
    return BracketForm()


def _derived(one: Settled, how: str) -> object:
    """Return what follows from a proved value, None when nothing does."""
    value = one.fact.value
    if not one.is_confirmed:
        return None
    if how == "system":
        return _system(value) if isinstance(value, tuple) else None
    if isinstance(value, tuple):
        return any(each.value > 0 for each in value)
    return value > 0 if isinstance(value, int | float) else None


def _system(ranges: tuple[Range, ...]) -> str:
    rates = {one.value for one in ranges}
    if not any(rates):
        return "none"
    return "flat" if len(rates) == 1 else "progressive"


def _copied(record: Mapping[str, object]) -> dict[str, object]:
    return {
        name: _copied(value) if isinstance(value, Mapping) else value
        for name, value in record.items()
    }


def _put(record: dict[str, object], path: str, value: object) -> None:
    """Set what stands at a path; what is missing on the way comes last."""
    *way, last = [path] if path in record else path.split(".")
    table = record
    for name in way:
        inner = table.get(name)
        if not isinstance(inner, dict):
            inner = {}
            table[name] = inner
        table = inner
    table[last] = value


def _jsonable(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(name): _jsonable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_jsonable(each) for each in value]
    is_odd = isinstance(value, float) and value in (float("inf"), float("-inf"))
    return None if is_odd or value != value else value


def _literal(value: object, style: Style, indent: str) -> str:
    if isinstance(value, Mapping):
        inner = indent + style.indent
        parts = [
            f"{_key(str(name), style)}: {_literal(each, style, inner)}"
            for name, each in value.items()
        ]
        return _laid_out(parts, "{ ", " }", style, indent)
    if isinstance(value, list):
        parts = [_literal(each, style, indent + style.indent) for each in value]
        return _laid_out(parts, "[", "]", style, indent)
    return _scalar(value, style)


def _laid_out(
    parts: list[str], opening: str, closing: str, style: Style, indent: str
) -> str:
    """Return the parts on one line where they fit, else one a line."""
    if not parts:
        return opening.strip() + closing.strip()
    line = f"{opening}{', '.join(parts)}{closing}"
    if indent and "\n" not in line and len(indent) + len(line) < _WIDTH:
        return line
    inner = ",\n".join(f"{indent}{style.indent}{part}" for part in parts)
    return f"{opening.strip()}\n{inner}\n{indent}{closing.strip()}"


def _key(name: str, style: Style) -> str:
    if name == "__proto__" and not style.is_json:
        return '["__proto__"]'  # plain, it would set the prototype instead
    is_plain = _PLAIN_KEY.fullmatch(name) is not None
    return name if is_plain and not style.has_quoted_keys else _text(name, style)


def _scalar(value: object, style: Style) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, style)
    return _text(str(value), style)


def _number(value: float, style: Style) -> str:
    if value != value:
        return "null" if style.is_json else "NaN"
    if value in (float("inf"), float("-inf")):
        sign = "-" if value < 0 else ""
        return "null" if style.is_json else f"{sign}Infinity"
    return repr(value).removesuffix(".0")


def _text(text: str, style: Style) -> str:
    quoted = json_text(text)
    if style.quote != "'":
        return quoted
    inner = quoted[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"
