"""Pace: how many calls a second a server accepts, learned by being refused.

In the spirit of the AWS SDKs' adaptive retry mode: the rate accepted since the bucket
ran dry is the rate to send at, and it grows a little with each call.
"""

from __future__ import annotations

from collections import deque

from subak.engine.ending import RateLimits
from subak.engine.tuning.constants import (
    LEARNING_GROWTH,
    LEARNING_PACE_PER_S,
    PACE_GROWTH,
    RATE_SPAN_S,
    SLOWEST_PACE_PER_S,
)
from subak.engine.tuning.traffic import Traffic

_FEWEST = 4
_SHORTEST_SPAN_S = 2.0
_HALF_A_CALL_MORE = 0.7  # the refused call was nearly accepted
_SLOWER = 0.6
_SLOWEST_GUESS_PER_S = 0.2
_FEWEST_ANSWERS = 3
_NOTICEABLE = 1.1


class Pace:
    """Bound the rate of sending once the server has shown that it has a bound."""

    def __init__(self) -> None:
        self.per_s: float | None = None
        self.next_send = 0.0
        self._is_learning = False
        self._is_published = False
        self._dry_since: float | None = None
        self._accepted: deque[tuple[float, int]] = deque()
        self._told: float | None = None
        self._suspended: float | None = None

    @property
    def is_known(self) -> bool:
        """Tell whether the server is known to bound the rate."""
        return self._dry_since is not None

    def binds(self, now: float) -> bool:
        """Tell whether calls wait for it; what headers allow may be far above."""
        if self.per_s is None:
            return False
        return not self._is_published or self.next_send > now

    def remember(self, per_s: float, now: float) -> None:
        """Take the pace of an earlier run."""
        self.per_s = self._told = max(SLOWEST_PACE_PER_S, per_s)
        self._dry_since = now

    def suspend(self) -> None:
        """Send without a pace, for a trial."""
        self._suspended, self.per_s = self.per_s, None

    def resume(self) -> None:
        """Take up the pace of before the trial."""
        if self.per_s is None:
            self.per_s = self._suspended

    def send(self, call: int, now: float) -> None:
        """Note that a call leaves."""
        if self.per_s is not None:
            self.next_send = max(now, self.next_send) + 1.0 / self.per_s
            self.per_s *= LEARNING_GROWTH if self._is_learning else PACE_GROWTH
        if self._dry_since is not None:
            self._accepted.append((now, call))
            self._forget(now)

    def refused(self, call: int, now: float, *, is_old_news: bool) -> str:
        """Learn from a refusal; return what to say of it, "" for nothing.

        Args:
            is_old_news: The call had left before the refusals were known.
        """
        self._withdraw(call)
        if self._dry_since is None:
            self._dry_since = self.next_send = now
            self.per_s = LEARNING_PACE_PER_S
            self._is_learning = True
            return self._say("too many calls a minute, learning how many it takes")
        if is_old_news or self._is_published:
            return ""
        self._forget(now)
        count = len(self._accepted)
        span = min(RATE_SPAN_S, now - self._dry_since)
        present = self.per_s if self.per_s is not None else LEARNING_PACE_PER_S
        if count >= _FEWEST and span > _SHORTEST_SPAN_S:
            rate = (count + _HALF_A_CALL_MORE) / span
            self.per_s = max(SLOWEST_PACE_PER_S, min(present, rate))
            self._is_learning = False
        else:
            self.per_s = max(_SLOWEST_GUESS_PER_S, present * _SLOWER)
        return self._say("learned from 429s")

    def read(self, limits: RateLimits, traffic: Traffic) -> str:
        """Take what the server's headers allow; return what to say of it."""
        allowed = []
        if limits.requests is not None and limits.requests > 0:
            allowed.append(limits.requests / RATE_SPAN_S)
        enough = traffic.answered >= _FEWEST_ANSWERS
        if limits.tokens is not None and limits.tokens > 0 and enough:
            tokens = max(1.0, traffic.mean_prompt + traffic.mean_output)
            allowed.append(limits.tokens / RATE_SPAN_S / tokens)
        if not allowed:
            return ""
        self.per_s = max(SLOWEST_PACE_PER_S, min(allowed))
        self._is_learning = False
        self._is_published = True
        if self._dry_since is None:
            self._dry_since = 0.0
        return self._say("the server's headers say so")

    def _say(self, why: str) -> str:
        pace = self.per_s or 0.0
        told, self._told = self._told, pace
        if told is not None and pace / _NOTICEABLE < told < pace * _NOTICEABLE:
            self._told = told
            return ""
        return f"pace {pace:.3g} calls/s: {why}"

    def _withdraw(self, call: int) -> None:
        if self._accepted and self._accepted[-1][1] == call:
            self._accepted.pop()
        else:
            kept = (each for each in self._accepted if each[1] != call)
            self._accepted = deque(kept)

    def _forget(self, now: float) -> None:
        while self._accepted and self._accepted[0][0] < now - RATE_SPAN_S:
            self._accepted.popleft()
