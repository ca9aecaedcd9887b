"""FetchLimits: what one fetch may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Bounds of one fetch; a server that keeps to none of them ends in an error.

    Args:
        connect_s: For the connection, and once more for TLS.
        silence_s: For the first byte, and between two pieces of a body.
        total_s: For all hops, waiting for politeness or memory excluded.
        max_bytes: Of the body, decompressed, counted while it arrives.
        min_rate: Bytes a second, judged after ``patience_s``.
        max_hops: Redirects followed.
        connections: Requests at once, to all hosts together.
    """

    connect_s: float = 5.0
    silence_s: float = 10.0
    total_s: float = 30.0
    max_bytes: int = 8_000_000
    min_rate: float = 1_000.0
    patience_s: float = 8.0
    max_hops: int = 5
    connections: int = 200
