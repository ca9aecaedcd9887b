"""Bill: what it took to read a document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bill:
    """Calls, and what the server counted of them when they were made.

    Args:
        tokens_in: Tokens of the prompts.
        tokens_cached: Those of them the server still held.
        seconds: Sum over the calls.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    seconds: float = 0.0

    def __add__(self, other: Bill) -> Bill:
        """Return both together."""
        return Bill(
            self.calls + other.calls,
            self.tokens_in + other.tokens_in,
            self.tokens_cached + other.tokens_cached,
            self.tokens_out + other.tokens_out,
            self.seconds + other.seconds,
        )
