"""ModelGate: whether a fake server takes a request now, as real ones' limits do."""

from __future__ import annotations

import asyncio


class ModelGate:
    """Refuses what comes too often or beside too many others.

    Args:
        per_minute: Requests in a minute, refilled steadily; None: any number.
        burst: Requests that may come at once before that counts.
        in_flight: Requests at once; None: any number.
    """

    def __init__(
        self, per_minute: float | None, burst: int, in_flight: int | None
    ) -> None:
        self._per_s = None if per_minute is None else per_minute / 60
        self._burst = float(burst)
        self._in_flight = in_flight
        self._left = self._burst
        self._filled_at: float | None = None

    def takes(self, in_flight: int) -> bool:
        """Tell whether one more request is taken, and count it if so."""
        if self._in_flight is not None and in_flight >= self._in_flight:
            return False
        if self._per_s is None:
            return True
        now = asyncio.get_running_loop().time()
        since = 0.0 if self._filled_at is None else now - self._filled_at
        self._filled_at = now
        self._left = min(self._burst, self._left + since * self._per_s)
        if self._left < 1:
            return False
        self._left -= 1
        return True
