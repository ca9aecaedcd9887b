"""Statistics: what reached the server, counted where calls cost money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

_UNREAD_S = 0.05


@dataclass(frozen=True, slots=True)
class Counts:
    """A snapshot.

    Args:
        span_s: From the first call's arrival to the last one's end.
        by_status: Ends by HTTP status; "gone" for clients that left.
        by_fault: Faults that were made.
        items: Different items asked for.
        items_good: Items whose good answer was sent whole.
        repeat_calls: Calls for an item whose good answer had been sent whole.
        peak: Most calls at once.
        mean: Calls at once on average over the span.
    """

    calls: int = 0
    span_s: float = 0.0
    by_status: dict[str, int] = field(default_factory=dict)
    by_fault: dict[str, int] = field(default_factory=dict)
    items: int = 0
    items_good: int = 0
    repeat_calls: int = 0
    in_flight: int = 0
    peak: int = 0
    mean: float = 0.0
    connections: int = 0
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0


class Statistics:
    """Counts calls as they come and go."""

    def __init__(self, time: Callable[[], float]) -> None:
        self.connections = 0
        self.tokens_in = 0
        self.tokens_cached = 0
        self.tokens_out = 0
        self.calls_by_item: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self._time = time
        self._good: dict[str, float] = {}
        self._statuses: Counter[str] = Counter()
        self._repeat_calls = 0
        self._in_flight = 0
        self._peak = 0
        self._area = 0.0
        self._first: float | None = None
        self._last = 0.0
        self._turned = 0.0

    def enter(self, item: str) -> int:
        """Count a call that arrives; return how many are here now."""
        self._turn()
        if self._first is None:
            self._first = self._turned
        self.calls_by_item[item] += 1
        self._repeat_calls += item in self._good
        self._in_flight += 1
        self._peak = max(self._peak, self._in_flight)
        return self._in_flight

    def leave(self, status: str) -> None:
        """Count a call that ends."""
        self._turn()
        self._last = self._turned
        self._statuses[status] += 1
        self._in_flight -= 1

    def answer(self, item: str) -> None:
        """Note that an item's good answer was sent whole."""
        self._good[item] = self._time()

    def sent_whole(self) -> dict[str, float]:
        """Return when each item's newest good answer was sent whole."""
        return dict(self._good)

    def break_off(self) -> None:
        """Forget answers that a break of all connections may have caught unread."""
        since = self._time() - _UNREAD_S
        for item in [item for item, sent in self._good.items() if sent > since]:
            del self._good[item]

    def counts(self) -> Counts:
        """Return the present numbers."""
        span = 0.0 if self._first is None else max(0.0, self._last - self._first)
        return Counts(
            calls=self.calls_by_item.total(),
            span_s=span,
            by_status=dict(self._statuses),
            by_fault=dict(self.faults),
            items=len(self.calls_by_item),
            items_good=len(self._good),
            repeat_calls=self._repeat_calls,
            in_flight=self._in_flight,
            peak=self._peak,
            mean=self._area / span if span else 0.0,
            connections=self.connections,
            tokens_in=self.tokens_in,
            tokens_cached=self.tokens_cached,
            tokens_out=self.tokens_out,
        )

    def _turn(self) -> None:
        now = self._time()
        if self._first is not None:
            self._area += self._in_flight * (now - self._turned)
        self._turned = now
