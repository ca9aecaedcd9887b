"""JsonlWriter: facts as JSON, one a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.knowledge.results import Results
from subak.outputs.json_text import json_text
from subak.outputs.rows import fact_rows


@dataclass(frozen=True, slots=True)
class JsonlWriter:
    """Writes ``facts.jsonl``."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the file and return its path."""
        lines = [f"{json_text(row)}\n" for row in fact_rows(results)]
        path = folder / "facts.jsonl"
        write_atomically(path, "".join(lines).encode())
        return [path]
