"""Admission: whether a request is let in, or turned away with which hint."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.server.settings import Hint, Settings


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that is turned away.

    Args:
        status: 429 or 503.
        wait_s: When it may be let in.
    """

    status: int
    wait_s: float = 1.0


class Admission:
    """Bounds of the queue, of requests in the house, and of requests a minute."""

    def __init__(self, settings: Settings, now: Callable[[], float]) -> None:
        self._settings = settings
        self._now = now
        self._left = float(settings.burst)
        self._filled = now()

    def refuse(self, in_flight: int, waiting: int) -> Refusal | None:
        """Return why a request is turned away, or None.

        Args:
            in_flight: Requests in the house, this one included.
            waiting: Requests that wait for a slot.
        """
        settings = self._settings
        is_full = 0 < settings.max_in_flight < in_flight
        if is_full or 0 <= settings.queue_limit < waiting:
            return Refusal(settings.busy_status)
        wait = self._take()
        return Refusal(429, wait) if wait > 0 else None

    def _take(self) -> float:
        """Take one from the bucket; return the seconds to wait when it is empty."""
        rate = self._settings.per_minute / 60
        if rate <= 0:
            return 0.0
        now = self._now()
        self._left = min(self._settings.burst, self._left + (now - self._filled) * rate)
        self._filled = now
        if self._left < 1:
            return (1 - self._left) / rate
        self._left -= 1
        return 0.0


def hint_header(hint: Hint, wait_s: float, chance: float) -> str:
    """Return the header line that tells when to come back, or "".

    Args:
        hint: In what form; "mixed" gives every second refusal none.
        wait_s: Seconds to wait.
        chance: Number in [0, 1) that decides for "mixed".
    """
    if hint == "none" or (hint == "mixed" and chance < 0.5):
        return ""
    if hint == "milliseconds":
        return f"retry-after-ms: {math.ceil(wait_s * 1000)}\r\n"
    if hint == "date":
        at = time.gmtime(time.time() + math.ceil(wait_s))
        return time.strftime("retry-after: %a, %d %b %Y %H:%M:%S GMT\r\n", at)
    return f"retry-after: {math.ceil(wait_s)}\r\n"
