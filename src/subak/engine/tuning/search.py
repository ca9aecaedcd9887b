"""Search: which number of calls in flight turns out the most.

Startup doubles while a doubling pays (slow start; the 25 % rule of BBR's startup is
too strict for batching servers), one bisection finds the knee, and then the level is
held, with a probe up or down now and then (A-B-A, so that drift cancels out).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from subak.engine.tuning.constants import (
    GAIN_PER_DOUBLING,
    JUMP,
    LONGEST_PROBE_GAP_S,
    PROBE_GAP_S,
    PROBE_WINDOW_S,
    START,
    WARM_LOOK_S,
)

Phase = Literal["ramp", "bisect", "hold"]
Goodput = Callable[[], float]
"""Reckons the goodput of a window anew with all that is known by then."""

_SHORTEST_STEP = 0.3  # doublings; a smaller step would be blown up into a large gain
_CLEARLY_LESS = 0.95
_HOPELESS = 0.9
_COLLAPSED = 0.6  # after a jump: half-way is bad too, and all in flight suffer
_UP = 1.5
_DOWN = 0.7
_UP_PAYS = 1.02
_DOWN_PAYS = 1.03
_GAP_GROWTH = 1.6
_GAP_GROWTH_HURT = 3.0
_NEXT_PROBE_S = 2.0
_USUAL_DURATION_S = 4.0


@dataclass(slots=True)
class Probe:
    """One look at another level: at home, there, at home again.

    Args:
        seconds: How long to look each time.
    """

    home: int
    there: int
    seconds: float
    goodputs: list[Goodput] = field(default_factory=list)

    @property
    def goes_up(self) -> bool:
        """Tell whether it tries more calls."""
        return self.there > self.home

    def is_hopeless(self, there: float) -> bool:
        """Tell whether the other level is so bad that the look need not last."""
        return len(self.goodputs) == 1 and there < _HOPELESS * self.goodputs[0]()

    def gain(self) -> float:
        """Return the goodput there over that at home."""
        first, there, *last = (reckon() for reckon in self.goodputs)
        home = 0.5 * (first + last[0]) if last else first
        return there / home


class Search:
    """Choose the level; told of goodput, never of calls.

    Args:
        start: First level.
        most: Highest level.
        on_level: Called with the time and the reason when a level begins (also when
            the same begins anew, to be measured anew); "" for no reason of note.
    """

    def __init__(
        self, start: int, most: int, on_level: Callable[[float, str], None]
    ) -> None:
        self.level = max(1, min(start, most))
        self._warm_level = self.level if self.level > START else 0
        self.phase: Phase = "ramp"
        self.probe: Probe | None = None
        self.bad: int | None = None  # found clearly slower than a lower one
        self.goodputs: dict[int, Goodput] = {}
        self.before: tuple[int, float] | None = None  # last level that paid
        self.first_hold: int | None = None  # to hold once the first level is measured
        self._most = most
        self._on_level = on_level
        self._between = (0, 0)
        self._gap_s = PROBE_GAP_S
        self._next_probe_at = 0.0
        self._is_down_next = False
        self._why = ""

    def hold(self, now: float, level: int, reason: str) -> None:
        """Stay at a level."""
        self.phase = "hold"
        self.probe = None
        self._next_probe_at = now + self._gap_s
        self._go(now, level, reason)

    def resume(self, now: float, level: int, *, may_fall: bool) -> None:
        """Stay at a level of the last run.

        Args:
            may_fall: Look soon whether the server does as well with fewer by now.
        """
        self.hold(now, level, "as in the last run")
        if may_fall:
            self._next_probe_at = now + WARM_LOOK_S
            self._is_down_next = True

    def begin(self, now: float, level: int) -> None:
        """Begin the search where that of the last run was when the run ended."""
        self._go(now, level, "as far as the last run came")

    def restart(self, now: float, level: int, reason: str) -> None:
        """Begin the search anew: what was measured meant nothing."""
        self.phase = "ramp"
        self.probe = self.before = None
        self.goodputs.clear()
        self._go(now, level, reason)

    def measured(self, now: float, goodput: Goodput) -> None:
        """Take the goodput of the present level, and go on from there."""
        self.goodputs[self.level] = goodput
        if self.phase == "ramp":
            self._ramp(now, goodput())
        elif self.phase == "bisect":
            self._pick(now)
        elif self.probe is not None:
            self._probed(now, self.probe, goodput)

    def abandon(self, now: float, goodput: Goodput) -> None:
        """End a probe early: the other level is clearly worse."""
        if self.probe is not None:
            self.probe.goodputs.append(goodput)
            self._judge(now, self.probe)

    def is_jump(self, goodput: float) -> bool:
        """Tell whether the present level pays so well that the look need not last."""
        if self.phase != "ramp" or self.before is None:
            return False
        return self._gain(goodput) >= JUMP

    def probe_soon(self, now: float, ratio: float) -> None:
        """Look elsewhere at the next occasion: goodput here changed by that ratio."""
        self._next_probe_at = now
        self._gap_s = PROBE_GAP_S
        self._is_down_next = ratio < 1
        trying = "fewer" if ratio < 1 else "more"
        self._why = f"tokens/s {_moved(ratio)} by itself, trying {trying}"

    def look_again(self, now: float) -> None:
        """Look elsewhere at the next occasion: what was believed is not so."""
        if self.phase == "hold" and self.probe is None:
            self._next_probe_at = now

    def wants_probe(self, now: float) -> bool:
        """Tell whether it is time to look elsewhere."""
        is_holding = self.phase == "hold" and self.probe is None
        return is_holding and now >= self._next_probe_at

    def put_off(self, now: float) -> None:
        """Look elsewhere later."""
        self._next_probe_at = now + self._gap_s

    def start_probe(self, now: float, duration_s: float | None) -> None:
        """Look elsewhere, up and down in turn, never into a level known to be bad."""
        down, self._is_down_next = self._is_down_next, not self._is_down_next
        level = self.level
        there = max(level + 1, int(level * _UP))
        if self.bad is not None and there >= self.bad:
            there = (level + self.bad) // 2
        there = min(there, self._most)
        if down or there <= level:
            there = max(1, min(level - 1, int(level * _DOWN)))
        if there == level:
            self.put_off(now)
            return
        seconds = max(PROBE_WINDOW_S, 0.5 * (duration_s or _USUAL_DURATION_S))
        self.probe = Probe(level, there, seconds)
        self._on_level(now, "")

    def retreat(self, now: float, share: float) -> bool:
        """Go to a lower level visited if it is so much better; True if there is one."""
        here = self.goodputs[self.level]()
        lower = [
            (reckon(), level)
            for level, reckon in self.goodputs.items()
            if level < self.level
        ]
        if not lower or max(lower)[0] * share <= here:
            return False
        best, level = max(lower)
        self.bad = self.level
        self.hold(now, level, f"tokens/s fell {_percent(here / best)} below")
        return True

    def _ramp(self, now: float, goodput: float) -> None:
        level = self.level
        if self.before is None:
            self.before = (level, goodput)
            if self.first_hold is not None and self.first_hold > level:
                self.hold(now, self.first_hold, "as in the last run")
            elif self.bad is not None and level * 2 >= self.bad:
                self.hold(now, level, f"{self.bad} were slower before")
            elif level >= self._most:
                self.hold(now, level, "no more are allowed")
            else:
                self._go(now, level * 2, "first look at twice as many")
            return
        level_before = self.before[0]
        rise = goodput / self._goodput_before()
        gain = self._gain(goodput)
        if gain < GAIN_PER_DOUBLING and level_before == self._warm_level:
            self._warm_level = 0
            self.bad = level if gain < _CLEARLY_LESS else None
            self.restart(now, START, "the server is not what it was in the last run")
            return
        if rise < _COLLAPSED and level >= 4 * level_before:
            self.bad = level
            self.hold(now, level_before, f"tokens/s {_moved(rise)} at {level}")
            return
        if gain < GAIN_PER_DOUBLING:
            self._bisect(now, level_before, gain, f"tokens/s {_moved(rise)} at {level}")
            return
        self.before = (level, goodput)
        reason = f"tokens/s {_moved(rise)}"
        if level >= self._most:
            self.hold(now, level, f"{reason}; no more are allowed")
        else:
            self._go(now, level * (4 if gain >= JUMP else 2), reason)

    def _goodput_before(self) -> float:
        """Return that of the level before, with the mix of lengths known now."""
        if self.before is None:
            return 0.0
        level, goodput = self.before
        return self.goodputs[level]() if level in self.goodputs else goodput

    def _gain(self, goodput: float) -> float:
        """Return the gain of a doubling that the present level stands for."""
        if self.before is None:
            return 1.0
        doublings = max(_SHORTEST_STEP, math.log2(self.level / self.before[0]))
        gain: float = (goodput / self._goodput_before()) ** (1 / doublings)
        return gain

    def _bisect(self, now: float, low: int, gain: float, reason: str) -> None:
        high = self.level
        if gain < _CLEARLY_LESS:
            self.bad = high
        if high <= low + 1:
            self.hold(now, low, reason)
            return
        self.phase = "bisect"
        self._between = (low, high)
        middle = round(math.sqrt(high * low)) if high > low + 2 else low + 1
        self._go(now, middle, reason)

    def _pick(self, now: float) -> None:
        levels = (*self._between, self.level)
        speeds = {level: self.goodputs[level]() for level in levels}
        best = max(levels, key=lambda level: (speeds[level], level))
        worse = [
            level
            for level in levels
            if level > best and speeds[level] < _CLEARLY_LESS * speeds[best]
        ]
        self.bad = min(worse, default=self.bad)
        others = ", ".join(str(level) for level in sorted(levels) if level != best)
        self.hold(now, best, f"more tokens/s than at {others}")

    def _probed(self, now: float, probe: Probe, goodput: Goodput) -> None:
        probe.goodputs.append(goodput)
        if len(probe.goodputs) < 3:
            there = len(probe.goodputs) == 1
            reason = self._why or f"a look at {probe.there}"
            if not there:
                reason, self._why = "back, to compare", ""
            self._go(now, probe.there if there else probe.home, reason)
            return
        self._judge(now, probe)

    def _judge(self, now: float, probe: Probe) -> None:
        gain = probe.gain()
        said = f"a look at {probe.there}: tokens/s {_moved(gain)}"
        if gain > (_UP_PAYS if probe.goes_up else _DOWN_PAYS):
            self._gap_s = PROBE_GAP_S
            if not probe.goes_up:
                self.bad = probe.home
            elif self.bad is not None and probe.there >= self.bad - 1:
                self.bad = None  # so near to it and better: it may be good by now
            self._is_down_next = not probe.goes_up  # keep the direction
            self.hold(now, probe.there, said)
            self._next_probe_at = now + _NEXT_PROBE_S
            return
        if gain < _CLEARLY_LESS and probe.goes_up:
            self.bad = probe.there
            self._gap_s = min(LONGEST_PROBE_GAP_S, self._gap_s * _GAP_GROWTH_HURT)
        self._gap_s = min(LONGEST_PROBE_GAP_S, self._gap_s * _GAP_GROWTH)
        self.hold(now, probe.home, said)

    def _go(self, now: float, level: int, reason: str) -> None:
        self.level = max(1, min(self._most, level))
        self._on_level(now, reason)


def _percent(ratio: float) -> str:
    return f"{abs(ratio - 1):.0%}".replace("%", " %")


def _moved(ratio: float) -> str:
    """Say how a figure moved: "rose 71 %"."""
    if abs(ratio - 1) < 0.005:
        return "stayed the same"
    return f"{'rose' if ratio > 1 else 'fell'} {_percent(ratio)}"
