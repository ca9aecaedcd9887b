"""MapResult: the rows of a map as a list, and what they came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

from subak.mapping.map_row import MapRow
from subak.views.summary import RunSummary


@dataclass(frozen=True, slots=True)
class MapResult(Sequence[MapRow]):
    """Output rows in the order of the input.

    Args:
        rows: The rows; none when they went to a file or a stream.
        summary: What the run came to, as `subak map --json` tells it.
        path: The file they went to.
        cut: How many answers end where ``max_tokens`` cut them.
    """

    rows: tuple[MapRow, ...]
    summary: RunSummary
    path: Path | None = None
    cut: int = 0

    @overload
    def __getitem__(self, place: int) -> MapRow: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[MapRow]: ...

    def __getitem__(self, place: int | slice) -> MapRow | Sequence[MapRow]:
        """Return the row at a place, from 0."""
        return self.rows[place]

    def __len__(self) -> int:
        """Return how many rows are held here."""
        return len(self.rows)

    @property
    def outputs(self) -> list[str | dict[str, object] | None]:
        """Return the answers alone; None where a row failed."""
        return [row.output for row in self.rows]
