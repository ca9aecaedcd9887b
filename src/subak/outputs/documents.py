"""DocumentsWriter: documents with their text, as a table or one a line."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from subak.engine.atomic import write_atomically
from subak.knowledge.results import Results
from subak.outputs.cell import table_cell
from subak.outputs.json_text import json_text
from subak.outputs.result_tables import documents_table
from subak.outputs.table import Table


@dataclass(frozen=True, slots=True)
class DocumentsWriter:
    """Writes ``documents.csv`` or ``documents.jsonl``."""

    form: Literal["csv", "jsonl"]

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the file and return its path."""
        table = documents_table(results)
        text = _lines(table) if self.form == "jsonl" else _cells(table)
        path = folder / f"documents.{self.form}"
        write_atomically(path, text.encode())
        return [path]


def _lines(table: Table) -> str:
    return "".join(f"{json_text(dict(row))}\n" for row in table.named_rows())


def _cells(table: Table) -> str:
    text = io.StringIO(newline="")
    lines = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    lines.writerow([one.name for one in table.columns])
    for row in table.rows:
        lines.writerow([table_cell("" if cell is None else cell) for cell in row])
    return text.getvalue()
