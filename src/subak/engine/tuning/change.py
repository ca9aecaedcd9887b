"""Change: one change of a limit, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A limit that changed, or a pace that was learned (``before == after``).

    Args:
        now: Monotonic seconds.
        reason: Why, in words and figures ("tokens/s rose 71 %").
    """

    now: float
    before: int
    after: int
    reason: str

    def __str__(self) -> str:
        if self.before == self.after:
            return self.reason
        return f"{self.before} -> {self.after}: {self.reason}"
