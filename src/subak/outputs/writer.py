"""The Writer protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from subak.knowledge.results import Results


class Writer(Protocol):
    """Writes results in one format.

    Guarantees: equal results give equal bytes; a file is there whole or not at all;
    writing twice changes nothing.
    """

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write into ``folder`` and return the files that belong to the format.

        Raises:
            StorageError: The folder cannot be written.
        """
        ...
