"""Health: whether a server is there, and when to look again after it was not.

Rests use full jitter, i.e. a uniform draw between nothing and the exponential cap
("Exponential Backoff And Jitter", Marc Brooker, AWS Architecture Blog, 2015).
"""

from __future__ import annotations

from random import Random

FIRST_REST_S = 0.25
LONGEST_REST_S = 2.0  # so that a server that is back is busy again soon
_LARGEST_EXPONENT = 10


class Health:
    """One server's: up, or resting until one call may try it."""

    def __init__(self, rng: Random, now: float) -> None:
        self._rng = rng
        self._rests = 0
        self.is_up = False
        self.rests_until = now
        self.down_since = now

    def answered(self) -> None:
        """Note that it answers."""
        if not self.is_up:
            self.is_up = True
            self._rests = 0

    def failed(self, now: float) -> None:
        """Note that nobody is there; rest."""
        if self.is_up:
            self.is_up = False
            self.down_since = now
        cap_s = min(LONGEST_REST_S, FIRST_REST_S * 2.0**self._rests)
        self._rests = min(self._rests + 1, _LARGEST_EXPONENT)
        self.rests_until = now + self._rng.uniform(0.0, cap_s)
