"""Request: one call as a server sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["queued", "reading", "writing", "gone"]


@dataclass(slots=True, eq=False)
class Request:
    """One request and how far it got.

    Args:
        order: Arrival at the server; the youngest has the largest.
        unread: Prompt tokens still to be read.
        begins_at: The server's token clock when this began to write.
        ends_at: The same when it will have written all.
        written: Tokens written before it was preempted.
    """

    number: int
    tokens_in: int
    tokens_out: int
    state: State = "queued"
    order: int = 0
    unread: float = 0.0
    begins_at: float = 0.0
    ends_at: float = 0.0
    written: float = 0.0
    deadline: float = 0.0
    arrived_at: float = 0.0
    active_at: float = 0.0
    first_at: float | None = None
