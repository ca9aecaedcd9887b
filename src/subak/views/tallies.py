"""Tasks that are only counted: stages that keep no row for each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import apsw


@dataclass(frozen=True, slots=True)
class StageTally:
    """How many tasks of a stage ended in each state."""

    stage: str
    done: int
    cached: int
    failed: int
    skipped: int

    def to_counter(self) -> Counter[str]:
        """Return the numbers by state."""
        return Counter(
            done=self.done, cached=self.cached, failed=self.failed, skipped=self.skipped
        )


def read_tallies(db: apsw.Connection, run: str) -> list[StageTally]:
    """Return the tallies of a run.

    What a run did before it was resumed it meets again as cached; that stays done,
    as with tasks that have rows.
    """
    rows = db.execute(
        "SELECT stage, done + before, max(cached - before, 0), failed, skipped"
        " FROM tally WHERE run = ? ORDER BY stage",
        (run,),
    )
    return [StageTally(*row) for row in rows]
