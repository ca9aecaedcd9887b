"""Retry by type, with full jitter."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.engine.retry import LONGEST_ASKED_WAIT_S, RetryPolicy, retry
from subak.errors import (
    BrokenAnswer,
    InvalidAnswer,
    Overloaded,
    Retryable,
    StorageError,
    SubakError,
    TimedOut,
)
from subak.testing.clock import VirtualClock


class _Flaky:
    """Raise the given errors one after the other, then succeed."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def _run(call: _Flaky, policy: RetryPolicy, clock: VirtualClock) -> str:
    return asyncio.run(retry(call, policy, clock, Random(7)))


def test_retry_returns_the_first_success() -> None:
    """Retryable failures are tried again until one attempt succeeds."""
    clock = VirtualClock()
    call = _Flaky(TimedOut("slow"), BrokenAnswer("empty"))
    assert _run(call, RetryPolicy(), clock) == "done"
    assert call.calls == 3
    assert 0 < clock.monotonic() <= 1.5


def test_retry_raises_the_last_error_once_attempts_are_spent() -> None:
    """After the last attempt its own error is raised, and nothing is waited for."""
    clock = VirtualClock()
    last = TimedOut("third")
    call = _Flaky(TimedOut("first"), BrokenAnswer("second"), last)
    with pytest.raises(TimedOut) as caught:
        _run(call, RetryPolicy(attempts=3), clock)
    assert caught.value is last
    assert call.calls == 3


@pytest.mark.parametrize(
    "error", [InvalidAnswer("no"), StorageError("disk full"), ValueError("bug")]
)
def test_retry_leaves_other_errors_alone(error: Exception) -> None:
    """What is not Retryable is raised at once."""
    clock = VirtualClock()
    call = _Flaky(error)
    with pytest.raises(type(error)):
        _run(call, RetryPolicy(), clock)
    assert call.calls == 1
    assert clock.monotonic() == 0


def test_retry_keeps_to_the_deadline() -> None:
    """No attempt begins after the deadline, even if attempts are left."""
    clock = VirtualClock()
    call = _Flaky(*[Overloaded("busy", retry_after_s=40) for _ in range(99)])
    policy = RetryPolicy(attempts=99, first_s=0.0, deadline_s=100)
    with pytest.raises(Overloaded):
        _run(call, policy, clock)
    assert call.calls == 3
    assert clock.monotonic() == 80


def test_retry_waits_as_long_as_the_server_asked() -> None:
    """A wait the server asked for is kept."""
    clock = VirtualClock()
    call = _Flaky(Overloaded("busy", retry_after_s=120))
    assert _run(call, RetryPolicy(), clock) == "done"
    assert 120 <= clock.monotonic() <= 120.5


@given(st.integers(1, 2000), st.integers(0, 2**32))
def test_delay_is_full_jitter_below_the_exponential_cap(
    failures: int, seed: int
) -> None:
    """Every delay lies between nothing and the doubled, capped bound."""
    policy = RetryPolicy(first_s=0.5, cap_s=30)
    error: Retryable = TimedOut("slow")
    delay_s = policy.delay(failures, error, Random(seed))
    assert 0 <= delay_s <= min(30, 0.5 * 2 ** min(failures - 1, 63))


@given(st.floats(-10, 1e6), st.integers(0, 2**32))
def test_delay_honours_the_server_up_to_five_minutes(asked: float, seed: int) -> None:
    """An asked wait is a lower bound, unless it is longer than five minutes."""
    policy = RetryPolicy()
    delay_s = policy.delay(1, Overloaded("busy", retry_after_s=asked), Random(seed))
    kept = min(max(asked, 0.0), LONGEST_ASKED_WAIT_S)
    assert kept <= delay_s <= kept + policy.first_s


def test_delay_of_an_overload_without_a_wish_is_jittered() -> None:
    """An overloaded server that named no time is treated like any failure."""
    delays = [
        RetryPolicy().delay(1, Overloaded("busy"), Random(seed)) for seed in range(50)
    ]
    assert max(delays) <= 0.5
    assert max(delays) - min(delays) > 0.3


def test_retry_delays_are_reproducible() -> None:
    """The same seed gives the same waits."""
    waited = []
    for _ in range(2):
        clock = VirtualClock()
        errors: list[SubakError] = [TimedOut("slow") for _ in range(3)]
        _run(_Flaky(*errors), RetryPolicy(), clock)
        waited.append(clock.monotonic())
    assert waited[0] == waited[1] > 0
