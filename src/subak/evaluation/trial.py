"""Trial: one design with one model on one set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from subak.engine.outcome import Failure
from subak.evaluation.score import Score

Design = Literal["facts", "one-prompt"]
DESIGNS: tuple[Design, ...] = ("facts", "one-prompt")


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it.

    Args:
        sent: Calls that were sent now; the others' answers were in the journal.
        failures: Documents that could not be read.
    """

    model: str
    design: Design
    score: Score
    sent: int
    status: str
    failures: tuple[Failure, ...] = ()

    @property
    def name(self) -> str:
        """Return how the table calls it."""
        return f"{self.model} {self.design}"
