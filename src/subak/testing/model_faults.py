"""FaultPlan: which request to a fake model server fails, and how; replayable."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ModelFault = Literal[
    "none", "busy", "failed", "cut", "reset", "hang", "malformed", "empty", "html",
    "error", "loop", "stall", "unfinished", "foreign", "gzip", "redirect",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """Draws a fault for each request from its content, not from its order.

    Every client meets the same faults on the same prompts; a retry is a new draw.

    Args:
        seed: Another seed, other faults.
        shares: Fault -> share of the requests that get it, from 0 to 1.
        first: Faults of the very first requests, in order of arrival.
        retry_after: Sent with "busy" as Retry-After; "" sends none.
        busy_headers: Further headers of "busy".
    """

    seed: int = 0
    shares: Mapping[ModelFault, float] = field(default_factory=dict)
    first: tuple[ModelFault, ...] = ()
    retry_after: str = ""
    busy_headers: Mapping[str, str] = field(default_factory=dict)

    def draw(self, key: str, attempt: int, arrival: int) -> ModelFault:
        """Return the fault of one request.

        Args:
            key: Content hash of the request.
            attempt: How often this key has come before.
            arrival: How many requests have come before.
        """
        if arrival < len(self.first):
            return self.first[arrival]
        text = f"{self.seed}:{key}:{attempt}".encode()
        digest = hashlib.blake2b(text, digest_size=8).digest()
        point = int.from_bytes(digest, "big") / 2**64
        for fault, share in self.shares.items():
            if point < share:
                return fault
            point -= share
        return "none"
