"""Pace: how far apart one host wants its requests, learnt from its answers.

Slowing down with a host follows AutoThrottle's idea (its delay is the latency);
refusals follow additive-increase/multiplicative-decrease (Chiu and Jain, 1989), here
on the rate. Knows no sockets and does not wait.
"""

from __future__ import annotations

from collections import deque
from statistics import median

_SAMPLES = 24
_ENOUGH = 6  # answers before a median means anything
_SLOW_TIMES = 4.0
_SLOW_S = 1.0  # nobody is hurt by an answer that came within a second
_LONGEST_S = 5.0
_SHORTEST_S = 0.05  # less than that is no pause
_RATE_OVER_S = 1.0
_BACK_OFF = 0.7  # of the rate that was refused
_RECOVER_SLOW = 0.5
_RECOVER_BUSY = 0.95  # a limit once met is approached in small steps


class Pace:
    """The spacing between the starts of two requests to one host.

    Guarantees: 0 for a host that answers as fast as it used to and refuses nothing;
    at most five seconds; it returns to 0 by itself.
    """

    def __init__(self) -> None:
        self._latencies: deque[float] = deque(maxlen=_SAMPLES)
        self._starts: deque[float] = deque(maxlen=_SAMPLES)
        self._slow_s = 0.0
        self._busy_s = 0.0

    @property
    def spacing_s(self) -> float:
        """Return the seconds to leave between two starts now."""
        spacing_s = max(self._slow_s, self._busy_s)
        return spacing_s if spacing_s >= _SHORTEST_S else 0.0

    def started(self, now: float) -> None:
        """Note that a request goes out."""
        self._starts.append(now)

    def answered(self, latency_s: float) -> None:
        """Note how long a host took to begin its answer."""
        known = self._latencies
        self._busy_s *= _RECOVER_BUSY
        if (
            latency_s > _SLOW_S
            and len(known) >= _ENOUGH
            and latency_s > _SLOW_TIMES * median(known)
        ):
            self._slow_s = min(_LONGEST_S, max(self._slow_s, latency_s))
        else:
            self._slow_s *= _RECOVER_SLOW
        known.append(latency_s)

    def refused(self, now: float) -> None:
        """Note that the host refused because there were too many requests."""
        recent = sum(1 for start in self._starts if now - start <= _RATE_OVER_S)
        spacing_s = _RATE_OVER_S / (_BACK_OFF * max(recent, 1))
        self._busy_s = min(_LONGEST_S, max(spacing_s, self._busy_s / _BACK_OFF))
