"""FixedController: a number that was given, not found."""

from __future__ import annotations

from dataclasses import dataclass

from subak.engine.controller import ControllerChange
from subak.engine.ending import Ending

_SHORTEST_PAUSE_S = 0.25


@dataclass(frozen=True, slots=True)
class FixedStatistics:
    """What there is to tell of a fixed number."""

    phase: str = "fixed"
    slots: int | None = None
    ceiling: int | None = None
    pace_per_s: float | None = None
    tokens_per_s: float | None = None
    reason: str = "given"


class FixedController:
    """Let the same number of calls in flight, whatever happens.

    Guarantees:
        After a refusal nothing is sent for as long as the server asked, or for a
        quarter of a second.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._paused_until = 0.0

    def limit(self, now: float) -> int:  # noqa: ARG002 - the number never changes
        """Return the number."""
        return self._limit

    def ready_at(self, now: float) -> float:
        """Return when the next call may be sent at the earliest."""
        return max(now, self._paused_until)

    def send(self, call: int, now: float, tokens_in: int) -> None:
        """Ignore it."""

    def first_token(self, call: int, now: float) -> None:
        """Ignore it."""

    def tokens(self, call: int, now: float, count: int) -> None:
        """Ignore it."""

    def end(self, call: int, now: float, ending: Ending) -> None:  # noqa: ARG002
        """Pause after a refusal."""
        if ending.kind in ("rate_limited", "turned_away"):
            asked_s = ending.retry_after_s or _SHORTEST_PAUSE_S
            self._paused_until = max(self._paused_until, now + asked_s)

    def tick(self, now: float, backlog: int) -> None:
        """Ignore it."""

    def blames_item(self) -> bool:
        """Return False: nobody knows whether the number is too large."""
        return False

    def take_changes(self) -> tuple[ControllerChange, ...]:
        """Return none."""
        return ()

    def statistics(self) -> FixedStatistics:
        """Return what there is to tell."""
        return FixedStatistics()
