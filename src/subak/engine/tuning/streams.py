"""StreamSight: what can be seen of answers while they are made.

Which calls run and which wait tells the slots; tokens over all streams tell goodput
within half a second, not after ten completions.
"""

from __future__ import annotations

from functools import partial

from subak.engine.tuning.constants import (
    CLEAR_WINDOW_S,
    HOPELESS_WINDOW_S,
    SHORTEST_WINDOW_S,
    TOKENS_PER_STREAM,
    WATCH_WINDOW_S,
)
from subak.engine.tuning.gauge import Gauge
from subak.engine.tuning.level import CostModel, LevelSums
from subak.engine.tuning.search import Search
from subak.engine.tuning.slots import SlotWatch
from subak.engine.tuning.traffic import OpenCall, Traffic
from subak.engine.tuning.watch import Watch

_RAMP_SHARE = 0.15  # of a call's duration, for a window
_OTHER_SHARE = 0.5
_FILLED = 0.95


class StreamSight:
    """Measure levels by their streams, and tell the search."""

    def __init__(self, traffic: Traffic, search: Search) -> None:
        self._traffic = traffic
        self._search = search
        self._costs = CostModel(traffic)
        self._gauge = Gauge(traffic)
        self._slots = SlotWatch(traffic)
        self._watch = Watch()

    def begin(self, now: float) -> None:
        """Begin a level."""
        self._gauge.begin()
        self._slots.begin(now)

    def clear(self) -> None:
        """Forget the levels measured: their tokens were not what they seemed."""
        self._costs.clear()

    def began(self, call: OpenCall, now: float) -> None:
        """Take notice of a first token."""
        traffic = self._traffic
        is_alone = traffic.active == 1 and not traffic.answered
        if is_alone and not self._costs.has_first_token:
            self._costs.saw_first_token(now - call.sent_at, call.tokens_in)
        self._slots.began(now)

    def mark(self, now: float, limit: int) -> float | None:
        """Take a moment at which no prompt is half read.

        Returns:
            The ratio of goodput to the usual if it turned while the level was held.
        """
        search, gauge = self._search, self._gauge
        if not gauge.mark(now, search.level, limit):
            return None
        sums = gauge.sums
        if search.phase == "hold" and search.probe is None:
            return self._observe(sums)
        enough = TOKENS_PER_STREAM * max(1, self._traffic.active)
        if sums.outputs < enough:
            return None
        goodput = partial(self._costs.goodput, sums)
        if sums.seconds >= self._window_s() or (
            sums.seconds >= CLEAR_WINDOW_S and search.is_jump(goodput())
        ):
            self._costs.put(search.level, sums)
            search.measured(now, goodput)
        elif (
            search.probe is not None
            and sums.seconds >= HOPELESS_WINDOW_S
            and search.probe.is_hopeless(goodput())
        ):
            search.abandon(now, goodput)
        return None

    def find_slots(self, now: float, limit: int) -> int | None:
        """Return the number of slots as soon as the streams show it."""
        level = self._search.level
        if self._traffic.in_flight < _FILLED * min(level, limit):
            return None
        return self._slots.find(now, level)

    def _window_s(self) -> float:
        if self._search.probe is not None:
            return self._search.probe.seconds
        share = _RAMP_SHARE if self._search.phase == "ramp" else _OTHER_SHARE
        return max(SHORTEST_WINDOW_S, share * (self._traffic.duration_s or 0.0))

    def _observe(self, sums: LevelSums) -> float | None:
        window_s = max(WATCH_WINDOW_S, self._traffic.duration_s or 0.0)
        if sums.seconds < window_s:
            return None
        self._gauge.restart()
        goodput = partial(self._costs.goodput, sums)
        self._search.goodputs[self._search.level] = goodput
        return self._watch.see(self._search.level, goodput())
