"""SteadyClock: the time of day without its jumps, for what is recorded of a run."""

from __future__ import annotations

from subak.engine.clock import Clock, alarms_of


class SteadyClock:
    """A clock that asks another one for the time of day once, and then counts on.

    Guarantees:
        Times differ by what has really passed, also when somebody, or a time server,
        sets the machine's clock meanwhile; so durations and order stay right. After
        that they may differ from the clock on the wall, as they do by the time a
        machine has slept.
    """

    def __init__(self, clock: Clock) -> None:
        self.monotonic = clock.monotonic
        self.sleep = clock.sleep
        self.call_later = alarms_of(clock).call_later
        self._offset = clock.now() - clock.monotonic()

    def now(self) -> float:
        """Return seconds since the epoch (UTC); they never jump."""
        return self._offset + self.monotonic()
