"""MapRequest: what is asked of one map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from subak.mapping.row_source import RowFormat

Rows = Path | Iterable[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class MapRequest:
    """What is asked of one map.

    Args:
        rows: A JSONL or CSV file, mappings, or None for stdin.
        prompt: The prompt's file, or its text.
        model: Model spec or name; None takes the one of the settings.
        schema: JSON Schema of the answers, or its file; None for text.
        out: File of the output rows, CSV when it ends so; None for no file.
        stream: Where output rows go when there is no file; None keeps them as values.
        folder: The workspace, which holds the journal.
        max_parallel: Upper bound of model calls at once.
        max_tokens: Upper bound of an answer.
        limit: Only that many rows.
        form: Format of the input where neither name nor content tell.
        refresh: Ask for all answers anew.
    """

    rows: Rows | None
    prompt: Path | str
    model: str | None = None
    schema: Path | Mapping[str, object] | None = None
    out: Path | None = None
    stream: BinaryIO | None = None
    folder: Path = Path()
    max_parallel: int | None = None
    max_tokens: int = 1024
    limit: int | None = None
    form: RowFormat | None = None
    refresh: bool = False

    @property
    def name(self) -> str:
        """Return the name the run has in the journal."""
        if self.out is not None:
            return f"map {self.out.name}"
        return "map" if self.stream is None else "map -"
