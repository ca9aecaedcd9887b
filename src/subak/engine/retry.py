"""RetryPolicy and retry: which failures are tried again, and when.

Delays use full jitter, i.e. a uniform draw between nothing and the exponential cap:
of the variants compared in "Exponential Backoff And Jitter" (Marc Brooker, AWS
Architecture Blog, 2015) the one that makes the fewest calls under contention.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol, TypeVar

from subak.errors import Overloaded, Retryable

T = TypeVar("T")

LONGEST_ASKED_WAIT_S = 300.0
_LARGEST_EXPONENT = 63


class Timer(Protocol):
    """The part of a Clock that waiting needs."""

    def monotonic(self) -> float:
        """Return seconds of a clock that never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Suspend the caller for that many seconds."""
        ...


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently.

    Args:
        attempts: Calls in all, the first included.
        first_s: Upper bound of the first delay; it doubles from failure to failure.
        cap_s: Upper bound of any delay.
        deadline_s: No attempt begins later than this after the first one began.
    """

    attempts: int = 4
    first_s: float = 0.5
    cap_s: float = 30.0
    deadline_s: float = 600.0

    def delay(self, failures: int, error: Retryable, rng: Random) -> float:
        """Return the seconds to wait after that many failures in a row.

        A wait the server asked for is kept, up to five minutes, and spread by
        ``first_s`` so that the waiters do not return all at once.
        """
        asked_s = error.retry_after_s if isinstance(error, Overloaded) else None
        if asked_s is not None:
            kept_s = min(max(asked_s, 0.0), LONGEST_ASKED_WAIT_S)
            return kept_s + rng.uniform(0.0, self.first_s)
        exponent = min(failures - 1, _LARGEST_EXPONENT)
        return rng.uniform(0.0, min(self.cap_s, self.first_s * 2.0**exponent))


async def retry(
    call: Callable[[], Awaitable[T]], policy: RetryPolicy, clock: Timer, rng: Random
) -> T:
    """Await ``call()`` until it succeeds, fails for good or the policy is spent.

    Only Retryable errors are tried again; the last one is raised as it came.
    """
    begun = clock.monotonic()
    failures = 0
    while True:
        try:
            return await call()
        except Retryable as error:
            failures += 1
            delay_s = policy.delay(failures, error, rng)
            waited_s = clock.monotonic() - begun
            if failures >= policy.attempts or waited_s + delay_s > policy.deadline_s:
                raise
        await clock.sleep(delay_s)
