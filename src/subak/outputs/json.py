"""JsonWriter: facts and refusals as one JSON file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from subak.engine.atomic import write_atomically
from subak.knowledge.results import Results
from subak.outputs.json_text import json_text
from subak.outputs.rows import fact_rows, refusal_rows
from subak.outputs.times import iso_time


@dataclass(frozen=True, slots=True)
class JsonWriter:
    """Writes ``facts.json``."""

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the file and return its path."""
        content = {
            "version": 1,
            "recipe": results.name,
            "generated_at": iso_time(results.generated_at),
            "facts": fact_rows(results),
            "refused": refusal_rows(results),
        }
        path = folder / "facts.json"
        write_atomically(path, f"{json_text(content, indent=2)}\n".encode())
        return [path]
