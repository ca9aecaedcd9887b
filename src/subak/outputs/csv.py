"""CsvWriter: facts as a table that no spreadsheet will execute."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.knowledge.fact import Evidence, Fact, FieldValue
from subak.knowledge.results import Results
from subak.outputs.cell import table_cell
from subak.outputs.rows import field_titles, sorted_facts

_FACT = ("entity", "category", "field", "title", "value", "unit", "level", "statement")
_PROOF = ("quote", "url", "document", "start", "end", "repair", "quotes")
_NO_EVIDENCE = Evidence("", "", 0, 0, "")


@dataclass(frozen=True, slots=True)
class CsvWriter:
    """Writes ``facts.csv``: one row a fact with its first quote."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the file and return its path."""
        table = io.StringIO(newline="")
        lines = csv.writer(table, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        lines.writerow(_FACT + _PROOF)
        titles = field_titles(results)
        for fact in sorted_facts(results):
            title = titles.get((fact.category, fact.field), fact.field)
            lines.writerow([table_cell(value) for value in _values(fact, title)])
        path = folder / "facts.csv"
        write_atomically(path, table.getvalue().encode())
        return [path]


def _values(fact: Fact, title: str) -> Iterator[FieldValue]:
    yield from (fact.entity, fact.category, fact.field, title)
    yield from (fact.value, fact.unit, fact.level, fact.statement)
    first = fact.evidence[0] if fact.evidence else _NO_EVIDENCE
    yield from (first.quote, first.url, first.document)
    yield from (first.start, first.end, first.repair, len(fact.evidence))
