"""What happens in a run, as one stream of small values.

Progress, logs and the dashboard read it; the journal keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Args:
        ts: Seconds since the epoch.
        kind: "run.started", "task.done" ... (docs/design.md lists all).
        run: The run it belongs to.
        stage: The stage, or "".
        item: The item, or "".
        data: Small facts about it; never a prompt, an answer or a page.
    """

    ts: float
    kind: str
    run: str
    stage: str = ""
    item: str = ""
    data: Mapping[str, Scalar] = field(default_factory=dict)


Listener = Callable[[Event], None]


@runtime_checkable
class Choosy(Protocol):
    """A listener that needs only some kinds of events; always the same ones."""

    def __call__(self, event: Event) -> None:
        """Take an event in."""
        ...

    def hears(self, kind: str) -> bool:
        """Tell whether it wants events of a kind."""
        ...


@dataclass(frozen=True, slots=True)
class Chosen:
    """A listener to events of some kinds."""

    kinds: Collection[str]
    listener: Listener

    def hears(self, kind: str) -> bool:
        """Tell whether it is one of the kinds."""
        return kind in self.kinds

    def __call__(self, event: Event) -> None:
        """Pass an event on."""
        self.listener(event)


class EventSink(Protocol):
    """Where events are told."""

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Tell that something happened; returns at once."""
        ...
