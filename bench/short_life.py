"""A life that is ended with -9 at a given moment after its first request."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from bench.process import Child
from bench.row import CannotMeasureError

_FIRST_REQUEST_WITHIN_S = 60.0
_POLL_S = 0.01


def live_until(
    child: Child,
    requests: Callable[[], int],
    moment_s: float,
    good_codes: Collection[int],
) -> bool:
    """Let it run until the moment, then kill it; tell whether it ended by itself.

    Args:
        child: Just started.
        requests: How many requests its server has had.
        moment_s: Seconds after its first request.
        good_codes: How it may end by itself.

    Raises:
        CannotMeasureError: It sends no request, or ends badly.
    """
    before = requests()
    deadline = time.monotonic() + _FIRST_REQUEST_WITHIN_S
    while requests() == before and child.look() is None:
        if time.monotonic() > deadline:
            raise CannotMeasureError("a life sent no request within a minute")
        time.sleep(_POLL_S)
    end = time.monotonic() + moment_s
    while time.monotonic() < end and child.look() is None:
        time.sleep(_POLL_S)
    ran = child.look()
    if ran is None:
        child.kill()
        return False
    if ran.code not in good_codes:
        raise CannotMeasureError(f"ended with {ran.code}: {ran.errors[-300:]}")
    return True
