"""CsvWriter: facts as a table that no spreadsheet will execute."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.knowledge.facts.fact import Evidence, Fact, FieldValue
from subak.knowledge.facts.ranges import show_ranges
from subak.knowledge.results import Results
from subak.knowledge.settling.settlement import Settled
from subak.outputs.cell import table_cell
from subak.outputs.rows import field_titles, sorted_settled, source_urls
from subak.outputs.values import show_value

_FACT = ("entity", "category", "field", "title", "value", "unit", "level", "statement")
_PROOF = ("quote", "url", "document", "start", "end", "repair", "quotes")
_HISTORY = (
    *("status", "confirmed", "since", "was", "was_until", "was_seen"),
    "last_confirmed",
)
_STATED = ("valid_from", "valid_to", "sources", "others")
_NO_EVIDENCE = Evidence("", "", 0, 0, "")


@dataclass(frozen=True, slots=True)
class CsvWriter:
    """Writes ``facts.csv``: one row a field with its first quote."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the file and return its path."""
        table = io.StringIO(newline="")
        lines = csv.writer(table, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        lines.writerow(_FACT + _PROOF + _HISTORY + _STATED)
        titles = field_titles(results)
        for one in sorted_settled(results):
            fact = one.fact
            title = titles.get((fact.category, fact.field), fact.field)
            cells = (*_values(fact, title), *_history(one, results))
            lines.writerow([table_cell(value) for value in cells])
        path = folder / "facts.csv"
        write_atomically(path, table.getvalue().encode())
        return [path]


def _values(fact: Fact, title: str) -> Iterator[str | float | bool]:
    yield from (fact.entity, fact.category, fact.field, title)
    yield from (_flat(fact.value), fact.unit, fact.level, fact.statement)
    first = fact.evidence[0] if fact.evidence else _NO_EVIDENCE
    yield from (first.quote, first.url, first.document)
    yield from (first.start, first.end, first.repair, len(fact.evidence))


def _history(one: Settled, results: Results) -> Iterator[str | float | bool]:
    was = "" if one.was is None else _flat(one.was)
    yield from (one.status, one.is_confirmed, one.since, was, one.was_until)
    yield from (
        one.was_seen,
        one.last_confirmed,
        one.fact.valid_from,
        one.fact.valid_to,
    )
    yield " ".join(source_urls(one, results))
    yield "; ".join(show_value(each.value, each.unit) for each in one.others)


def _flat(value: FieldValue) -> str | float | bool:
    return show_ranges(value) if isinstance(value, tuple) else value
