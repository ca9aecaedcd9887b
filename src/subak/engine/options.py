"""RunOptions: what the caller decides about a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from subak.engine.clock import Clock
from subak.engine.curfew import Curfew
from subak.engine.retry import RetryPolicy
from subak.engine.stage import Item
from subak.errors import UserError


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a graph is run.

    Args:
        run: Id of the run.
        clock: Time, for retries and records.
        retry: How often and how patiently a task is tried again.
        max_in_flight: Tasks begun and not yet committed, at most.
        max_held: Tasks that may wait for full lanes before sources are left alone.
        refresh: Stages that are made anew instead of being looked up.
        selected: Tells whether a stage may be computed for an item; None means all.
        last_stage: Nodes after it don't run.
        seed: Of the retry delays.
        curfew: Leaves work for the next run from a deadline on; None for none.
    """

    run: str
    clock: Clock
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    max_in_flight: int = 64
    max_held: int = 20_000
    refresh: frozenset[str] = frozenset()
    selected: Callable[[str, Item[object]], bool] | None = None
    last_stage: str | None = None
    seed: int = 0
    curfew: Curfew | None = None

    def __post_init__(self) -> None:
        """Refuse a run in which nothing could happen."""
        if self.max_in_flight < 1:
            raise UserError(
                f"{self.max_in_flight} tasks in flight means none at all",
                where="max_in_flight",
                hint="give 1 or more",
            )
