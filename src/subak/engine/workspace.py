"""Where a workspace keeps what: paths only, nothing is opened or created here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folder of one recipe: results in ``out``, state in ``.subak``."""

    folder: Path

    @property
    def state(self) -> Path:
        """Return the folder of everything subak remembers."""
        return self.folder / ".subak"

    @property
    def journal(self) -> Path:
        """Return the journal's file."""
        return self.state / "journal.db"

    @property
    def blobs(self) -> Path:
        """Return the folder of fetched bodies."""
        return self.state / "blobs"

    @property
    def lock(self) -> Path:
        """Return the file a run holds locked."""
        return self.state / "lock"

    @property
    def queue(self) -> Path:
        """Return the file that the one run that waits for the lock holds locked."""
        return self.state / "queue"

    @property
    def out(self) -> Path:
        """Return the folder of the results."""
        return self.folder / "out"
