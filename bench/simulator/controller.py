"""Controller: who decides how many calls one endpoint gets; FixedLevel always says n.

The same notifications as the tuner gets from the real client.
"""

from __future__ import annotations

from typing import Protocol

from subak.engine.ending import Ending


class Controller(Protocol):
    """Decide about one endpoint."""

    @property
    def is_patient(self) -> bool:
        """Tell whether refused calls wait at the gate, not in their workers."""
        ...

    def limit(self, now: float) -> int:
        """Return how many calls may be in flight."""
        ...

    def ready_at(self, now: float) -> float:
        """Return when the next one may leave."""
        ...

    def blames_item(self) -> bool:
        """Tell whether a timeout is the item's fault."""
        ...

    def send(self, call: int, now: float, tokens_in: int) -> None:
        """Take notice of a call."""
        ...

    def first_token(self, call: int, now: float) -> None:
        """Take notice of its first token."""
        ...

    def tokens(self, call: int, now: float, count: int) -> None:
        """Take notice of more of them."""
        ...

    def end(self, call: int, now: float, ending: Ending) -> None:
        """Take notice of its end."""
        ...

    def tick(self, now: float, backlog: int) -> None:
        """Look around."""
        ...


class FixedLevel:
    """A thread pool of n workers: each backs off by itself when it is refused."""

    is_patient = False

    def __init__(self, level: int) -> None:
        self._level = level

    def limit(self, now: float) -> int:  # noqa: ARG002
        """Return n."""
        return self._level

    def ready_at(self, now: float) -> float:
        """Return now."""
        return now

    def blames_item(self) -> bool:
        """Return True: it knows of no load."""
        return True

    def send(self, call: int, now: float, tokens_in: int) -> None:
        """Ignore it."""

    def first_token(self, call: int, now: float) -> None:
        """Ignore it."""

    def tokens(self, call: int, now: float, count: int) -> None:
        """Ignore it."""

    def end(self, call: int, now: float, ending: Ending) -> None:
        """Ignore it."""

    def tick(self, now: float, backlog: int) -> None:
        """Ignore it."""
