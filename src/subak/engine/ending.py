"""Ending: how a call ended, as far as whoever decides about concurrency must know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EndingKind = Literal[
    "answered",  # a whole answer
    "rate_limited",  # 429: too many in too little time, or too many at once
    "turned_away",  # 503, or a connection refused or reset before any answer
    "timed_out",  # a deadline passed
    "failed",  # the server or the answer was broken; says nothing about load
    "cancelled",  # we gave it up ourselves
]


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What a server says it allows in a minute; None where it does not say."""

    requests: float | None = None
    tokens: float | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of one call.

    Args:
        tokens_in: Prompt tokens the server counted, 0 where it did not.
        tokens_out: Tokens it generated.
        retry_after_s: Seconds the server asked to wait.
        queue_s: Seconds the call waited inside the server, where it tells.
        limits: What the server's headers say it allows.
    """

    kind: EndingKind
    tokens_in: int = 0
    tokens_out: int = 0
    retry_after_s: float | None = None
    queue_s: float | None = None
    limits: RateLimits | None = None


CANCELLED = Ending("cancelled")
