"""Time, asked for in one place so that tests can turn it by hand."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from typing import Protocol, runtime_checkable


class Clock(Protocol):
    """What the engine needs to know about time."""

    def now(self) -> float:
        """Return seconds since the epoch (UTC); may jump."""
        ...

    def monotonic(self) -> float:
        """Return seconds of a clock that never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Suspend the caller for that many seconds."""
        ...


class Alarm(Protocol):
    """Something that will happen, unless it is cancelled."""

    def cancel(self) -> None:
        """Let it not happen."""
        ...


@runtime_checkable
class Alarms(Protocol):
    """A clock that also calls back, for what has no task of its own to sleep in."""

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Alarm:
        """Call back once that time has passed."""
        ...


class SystemClock:
    """The machine's own clock."""

    # Asked twenty times a call: no step between.
    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)

    async def sleep(self, seconds: float) -> None:
        """Suspend the caller for that many seconds."""
        await asyncio.sleep(seconds)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Alarm:
        """Call back once that time has passed."""
        return asyncio.get_running_loop().call_later(seconds, callback)


def alarms_of(clock: Clock) -> Alarms:
    """Return the clock's own alarms, or the event loop's where it has none."""
    return clock if isinstance(clock, Alarms) else SystemClock()


def publication_time(clock: Clock) -> float:
    """Return the time to print in results, in seconds since the epoch.

    ``SOURCE_DATE_EPOCH`` (reproducible-builds.org) overrides it, so that two runs
    over the same input can be compared byte by byte.
    """
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return float(fixed) if fixed.isdigit() else clock.now()
