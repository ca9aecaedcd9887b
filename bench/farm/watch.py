"""Watch: what the farm's server saw a crawl do at one site."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

_BURST = 8
_BURST_S = 1.0


@dataclass(slots=True)
class Watch:
    """Counts of one site; the server itself judges manners.

    Args:
        in_flight: Requests not answered yet.
        most: Most of them at once.
        early: Requests before robots.txt was asked for.
        disallowed: Requests that robots.txt forbids.
        trapped: Requests inside a link trap.
        conditional: Requests with a validator.
        sent: Bytes sent.
        statuses: Answers by status.
        first_s: When the first request came, on the loop's clock.
        last_s: And the last one.
    """

    requests: int = 0
    in_flight: int = 0
    most: int = 0
    early: int = 0
    disallowed: int = 0
    trapped: int = 0
    conditional: int = 0
    sent: int = 0
    has_read_robots: bool = False
    statuses: Counter[int] = field(default_factory=Counter)
    first_s: float = 0.0
    last_s: float = 0.0
    recent: deque[float] = field(default_factory=lambda: deque(maxlen=_BURST + 1))

    def begin(self, path: str, now: float, *, is_disallowed: bool) -> None:
        """Count a request that came."""
        self.first_s = self.first_s or now
        self.last_s = now
        self.requests += 1
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        self.disallowed += is_disallowed
        if path == "/robots.txt":
            self.has_read_robots = True
        self.early += not self.has_read_robots
        self.recent.append(now)

    def end(self, status: int, size: int) -> None:
        """Count an answer that was sent."""
        self.in_flight -= 1
        self.sent += size
        self.statuses[status] += 1

    def leave(self) -> None:
        """Count a visitor that went away before its answer."""
        self.in_flight -= 1

    @property
    def is_rushed(self) -> bool:
        """Tell whether the last requests came too fast, or too many at once."""
        spans = len(self.recent) > _BURST
        return self.in_flight > 2 or (
            spans and self.recent[-1] - self.recent[0] < _BURST_S
        )

    @property
    def mean_gap_s(self) -> float | None:
        """Return the mean time between requests, None for too few."""
        if self.requests < 4:
            return None
        return (self.last_s - self.first_s) / (self.requests - 1)
