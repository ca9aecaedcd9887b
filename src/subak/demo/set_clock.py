"""SetClock: a clock that somebody set to another day."""

from __future__ import annotations

from datetime import UTC, datetime

from subak.engine.clock import Clock, SystemClock


class SetClock:
    """Goes on from six in the morning (UTC) of a given day.

    Args:
        day: ISO date.
    """

    def __init__(self, day: str, clock: Clock | None = None) -> None:
        self._clock: Clock = clock or SystemClock()
        begin = datetime.fromisoformat(f"{day}T06:00:00").replace(tzinfo=UTC)
        self._offset = begin.timestamp() - self._clock.monotonic()

    def now(self) -> float:
        """Return seconds since the epoch as of that day."""
        return self._offset + self._clock.monotonic()

    def monotonic(self) -> float:
        """Return seconds of a clock that never goes back."""
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Suspend the caller for that many seconds."""
        await self._clock.sleep(seconds)
