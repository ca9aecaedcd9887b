"""Rows, prompts and commands: the job that every row of the table gives to subak."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROMPT = "Sort this notice into a category and say why.\n\nNotice: {text}\n"
JSON_PROMPT = "Answer with one JSON object about this notice.\n\nNotice: {text}\n"
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {
        "item": {"type": "string"},
        "category": {"enum": ["tax", "visa", "permit", "other"]},
        "score": {"type": "number"},
    },
    "required": ["item", "category", "score"],
    "additionalProperties": False,
}
_FILLER = "the office tells that the yearly rate of this permit changes next month"


@dataclass(frozen=True, slots=True)
class Job:
    """One `subak map` over made-up rows.

    Args:
        folder: Where everything lies; also the workspace.
        model: Model spec.
        rows: How many.
        first: Number of the first row: other rows are other calls.
        has_schema: Whether answers must fit the schema.
        max_parallel: Cap, None for none.
    """

    folder: Path
    model: str
    rows: int
    first: int = 0
    has_schema: bool = False
    max_parallel: int | None = None

    @property
    def output(self) -> Path:
        """Return where the answers go."""
        return self.folder / "answers.jsonl"

    @property
    def journal(self) -> Path:
        """Return where subak keeps what it paid for."""
        return self.folder / ".subak" / "journal.db"

    @property
    def environment(self) -> Mapping[str, str]:
        """Return variables that keep what tuners remember inside the folder."""
        return {"XDG_CACHE_HOME": str(self.folder / "cache"), "NO_COLOR": "1"}

    def prepare(self) -> None:
        """Write rows, prompt and schema."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "rows.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(
                json.dumps(row_of(number)) + "\n"
                for number in range(self.first, self.first + self.rows)
            )
        prompt = JSON_PROMPT if self.has_schema else PROMPT
        (self.folder / "prompt.txt").write_text(prompt, encoding="utf-8")
        (self.folder / "schema.json").write_text(json.dumps(SCHEMA), encoding="utf-8")

    def arguments(self) -> list[str]:
        """Return what stands behind `subak`."""
        words = ["map", "rows.jsonl", "--prompt", "prompt.txt", "--model", self.model]
        words += ["--out", self.output.name, "--json"]
        if self.has_schema:
            words += ["--schema", "schema.json"]
        if self.max_parallel is not None:
            words += ["--max-parallel", str(self.max_parallel)]
        return words

    def command(self) -> list[str]:
        """Return the command as it is run here."""
        return [sys.executable, "-m", "subak", *self.arguments()]

    def typed(self) -> str:
        """Return the command as one would type it."""
        return shlex.join(["subak", *self.arguments()])


def row_of(number: int) -> dict[str, str]:
    """Return one row; its text names the item, so that the server knows it."""
    item = f"item-{number:06d}"
    return {"id": item, "text": f"{item}: {_FILLER}"}
