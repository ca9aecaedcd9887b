"""ChangesWriter: what is new, changed, kept, disputed or refused, as JSON and text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.knowledge.facts.fact import Refusal
from subak.knowledge.results import Results
from subak.knowledge.settling.settlement import Settled
from subak.outputs.escaping import markdown_text
from subak.outputs.json_text import json_text
from subak.outputs.rows import (
    Row,
    field_titles,
    history_row,
    other_row,
    plain_value,
    refusal_row,
    sorted_refusals,
    sorted_settled,
    source_urls,
    stood_until,
)
from subak.outputs.times import iso_time
from subak.outputs.values import show_value

_HEADINGS: Mapping[str, str] = {
    "changed": "Changed",
    "new": "New",
    "conflicting": "Sources differ",
    "kept": "Kept, not confirmed",
    "refused": "Refused, nothing published",
}


@dataclass(frozen=True, slots=True)
class ChangesWriter:
    """Writes ``changes.json`` and ``changes.md``."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write both files and return their paths."""
        changes = _Changes(results)
        data = f"{json_text(changes.content(), indent=2)}\n"
        written = []
        for name, text in (("changes.json", data), ("changes.md", changes.text())):
            write_atomically(folder / name, text.encode())
            written.append(folder / name)
        return written


class _Changes:
    """What the files say, in one order."""

    def __init__(self, results: Results) -> None:
        self._results = results
        self._titles = field_titles(results)
        settled = sorted_settled(results)
        self._groups: dict[str, Sequence[Settled]] = {
            "changed": [one for one in settled if one.status == "changed"],
            "new": [one for one in settled if one.status == "new"],
            "conflicting": [one for one in settled if one.is_disputed],
            "kept": [one for one in settled if not one.is_confirmed],
        }
        self._same = sum(one.status == "same" for one in settled)
        proved = {(one.fact.category, *one.key) for one in settled if one.is_confirmed}
        self._unproved = [
            one
            for one in sorted_refusals(results)
            if (one.category, one.entity, one.field) not in proved
        ]
        kept = {(one.fact.category, *one.key) for one in self._groups["kept"]}
        self._refused = [
            one
            for one in self._unproved
            if (one.category, one.entity, one.field) not in kept
        ]

    def content(self) -> Row:
        """Return the versioned object of the JSON file."""
        counts = {name: len(group) for name, group in self._groups.items()}
        rows: Row = {
            name: [self._row(one) for one in group]
            for name, group in self._groups.items()
        }
        return {
            "version": 1,
            "recipe": self._results.name,
            "generated_at": iso_time(self._results.generated_at),
            "counts": {**counts, "refused": len(self._refused), "same": self._same},
            **rows,
            "refused": [refusal_row(one) for one in self._refused],
        }

    def text(self) -> str:
        """Return the Markdown page."""
        parts = [
            f"# What changed: {markdown_text(self._results.title)}",
            f"State of {iso_time(self._results.generated_at)}. "
            f"{self._same:,} values are as before.",
        ]
        tell: Mapping[str, Callable[[Settled], str]] = {
            "changed": self._changed_line,
            "new": self._value_line,
            "conflicting": self._disputed_line,
            "kept": self._kept_line,
        }
        for name, line in tell.items():
            parts += _section(name, [line(one) for one in self._groups[name]])
        parts += _section("refused", [self._refused_line(one) for one in self._refused])
        if len(parts) == 2:
            parts.append("Nothing changed.")
        return "\n\n".join(parts) + "\n"

    def _row(self, one: Settled) -> Row:
        fact = one.fact
        return {
            "category": fact.category,
            "entity": fact.entity,
            "field": fact.field,
            "title": self._title(fact.category, fact.field),
            "value": plain_value(fact.value),
            "unit": fact.unit,
            "statement": fact.statement,
            **history_row(one),
            "sources": list(source_urls(one, self._results)),
            "others": [other_row(each) for each in one.others],
            "refused": [refusal_row(each) for each in self._refusals(one)],
        }

    def _refusals(self, one: Settled) -> list[Refusal]:
        where = (one.fact.category, *one.key)
        return [
            each
            for each in self._unproved
            if (each.category, each.entity, each.field) == where
        ]

    def _value_line(self, one: Settled) -> str:
        fact = one.fact
        value = markdown_text(show_value(fact.value, fact.unit))
        return f"{self._name(fact.category, fact.entity, fact.field)}: {value}"

    def _changed_line(self, one: Settled) -> str:
        line = self._value_line(one)
        if one.was is not None:
            was = markdown_text(show_value(one.was, one.was_unit))
            until = stood_until(one)
            line = f"{line} (was {was}{until})"
        return line

    def _disputed_line(self, one: Settled) -> str:
        others = "; ".join(
            f"{markdown_text(show_value(each.value, each.unit))} says "
            f"{_urls(tuple(dict.fromkeys(quote.url for quote in each.evidence)))}"
            for each in one.others
        )
        urls = _urls(source_urls(one, self._results))
        return f"{self._value_line(one)} says {urls}; {others}"

    def _kept_line(self, one: Settled) -> str:
        proved = one.last_confirmed
        last = f"last proved on {proved}" if proved else "from before the first run"
        reasons = dict.fromkeys(
            markdown_text(each.reason) for each in self._refusals(one)
        )
        return "; ".join((f"{self._value_line(one)} ({last})", *reasons))

    def _refused_line(self, one: Refusal) -> str:
        name = self._name(one.category, one.entity, one.field)
        return f"{name}: {markdown_text(one.proposed)}; {markdown_text(one.reason)}"

    def _name(self, category: str, entity: str, name: str) -> str:
        title = markdown_text(self._title(category, name))
        return f"{markdown_text(entity)}, {title}" if entity else title

    def _title(self, category: str, name: str) -> str:
        return self._titles.get((category, name), name)


def _section(name: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"## {_HEADINGS[name]} ({len(lines):,})"
        yield "\n".join(f"- {line}" for line in lines)


def _urls(urls: Sequence[str]) -> str:
    return ", ".join(markdown_text(url) for url in urls)
