"""Vectors: where the meaning of passages is kept and looked up.

One small seam, so that a database server can stand behind it as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from subak.knowledge.search.filter import Filter


@dataclass(frozen=True, slots=True)
class Nearest:
    """The passages nearest to a query.

    Args:
        cosines: Likeness by passage, the highest first.
        mean: Of the likenesses of all passages that were looked at.
        spread: Their standard deviation.
    """

    cosines: Mapping[int, float]
    mean: float
    spread: float

    def standing(self, passage: int) -> float:
        """Return how far above the mean a passage lies, in deviations."""
        return (self.cosines[passage] - self.mean) / max(self.spread, 1e-6)


class Vectors(Protocol):
    """Keeps one vector a wording, and finds the nearest passages."""

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Return those of the keys that have no vector yet, each once."""
        ...

    async def add(self, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors by the key of their wording; a known key changes nothing."""
        ...

    def search(self, query: bytes, only: Filter, limit: int) -> Nearest:
        """Return the passages nearest to a query's vector, the filter first."""
        ...
