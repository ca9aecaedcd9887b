"""TunerStatistics: what a tuner believes now."""

from __future__ import annotations

from dataclasses import dataclass

from subak.engine.tuning.search import Phase


@dataclass(frozen=True, slots=True)
class LevelSpeed:
    """Goodput measured while ``limit`` calls were in flight."""

    limit: int
    tokens_per_s: float


@dataclass(frozen=True, slots=True)
class TunerStatistics:
    """A snapshot of a tuner.

    Args:
        slots: Requests the server works on at once, where that is known.
        ceiling: Calls above which the server refused, None while it did not.
        pace_per_s: Calls sent in a second at most, None for no such bound.
        tokens_per_s: Goodput measured at the present limit, None before any.
        reason: Why the limit is what it is, in words.
        levels: The throughput curve as far as it was visited, by limit.
    """

    phase: Phase
    slots: int | None
    ceiling: int | None
    pace_per_s: float | None
    tokens_per_s: float | None
    reason: str
    levels: tuple[LevelSpeed, ...]
