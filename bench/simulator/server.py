"""Server: what the simulation asks of a model server; Refusal: it says no."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from bench.simulator.request import Request
from subak.engine.ending import EndingKind, RateLimits

Happening = Literal["first", "answered", "timed_out"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that was turned away."""

    kind: EndingKind
    retry_after_s: float | None = None
    limits: RateLimits | None = None


class Server(Protocol):
    """A model server in virtual time."""

    def submit(self, request: Request, now: float) -> Refusal | None:
        """Take a request, or say why not."""
        ...

    def cancel(self, request: Request, now: float) -> None:
        """Free what a request holds: its client hung up."""
        ...

    def next_time(self) -> float:
        """Return when something will happen by itself, infinity for never."""
        ...

    def process(self, now: float) -> list[tuple[Happening, Request]]:
        """Advance to now, and tell what happened."""
        ...

    def written(self, request: Request, now: float) -> int:
        """Return the tokens of an answer that exist by now."""
        ...

    def limits(self) -> RateLimits | None:
        """Return what the headers of an answer say, None for no such headers."""
        ...

    def slots(self) -> int | None:
        """Return the slots the server publishes, None where it does not."""
        ...
