"""Controller: decides how many calls one server gets; pure logic, told the time.

The Tuner goes by what it sees; a fixed number is a Controller too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from subak.engine.ending import Ending


class ControllerChange(Protocol):
    """A changed mind, and why."""

    @property
    def before(self) -> int:
        """Return the limit it had."""
        ...

    @property
    def after(self) -> int:
        """Return the limit it has now."""
        ...

    @property
    def reason(self) -> str:
        """Return why, in words."""
        ...


class ControllerStatistics(Protocol):
    """What can be shown of it; see LimiterStatistics."""

    @property
    def phase(self) -> str:
        """Return what it is doing."""
        ...

    @property
    def slots(self) -> int | None:
        """Return how many requests the server works on at once."""
        ...

    @property
    def ceiling(self) -> int | None:
        """Return above how many calls the server refused."""
        ...

    @property
    def pace_per_s(self) -> float | None:
        """Return how many calls may be sent in a second."""
        ...

    @property
    def tokens_per_s(self) -> float | None:
        """Return the goodput at the present limit."""
        ...

    @property
    def reason(self) -> str:
        """Return why the limit is what it is."""
        ...


class Controller(Protocol):
    """Decides over one server's calls; ``now`` is always in monotonic seconds."""

    def limit(self, now: float) -> int:
        """Return how many calls may be in flight."""
        ...

    def ready_at(self, now: float) -> float:
        """Return when the next call may be sent at the earliest."""
        ...

    def send(self, call: int, now: float, tokens_in: int) -> None:
        """Note that a call is sent."""
        ...

    def first_token(self, call: int, now: float) -> None:
        """Note that its answer begins."""
        ...

    def tokens(self, call: int, now: float, count: int) -> None:
        """Note that more of it arrived."""
        ...

    def end(self, call: int, now: float, ending: Ending) -> None:
        """Note that it left."""
        ...

    def tick(self, now: float, backlog: int) -> None:
        """Note that time has passed."""
        ...

    def blames_item(self) -> bool:
        """Tell whether a timeout now is the item's own fault, not that of the load."""
        ...

    def take_changes(self) -> Sequence[ControllerChange]:
        """Return what has changed since this was last asked."""
        ...

    def statistics(self) -> ControllerStatistics:
        """Return the present numbers."""
        ...
