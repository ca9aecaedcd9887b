"""Care: how many calls at once the machine should bear now; pure, told the time.

Too hot, or memory running out: half as many, and half again if that does not help.
Back twice as many at a time, once it has been clearly better for a while: the gap
between both bounds, and the time, keep it from swinging.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from subak.engine.quiet_hours import QuietHours
from subak.engine.sensors import Reading

COOLER_BY_C = 5.0
FREER_BY = 1.5
STEP_S = 30.0
"""Between two steps down: heat and memory answer slowly."""
CALM_S = 60.0
"""So long it has to be better before a step up."""

_GIB = 1024.0**3


@dataclass(frozen=True, slots=True)
class CareOptions:
    """What the machine is spared.

    Args:
        max_temperature_c: None for no bound.
        min_free_memory: Share of the memory that stays free, 0 for no bound.
        quiet: Hours of rest, None for none.
        quiet_parallel: Calls at once in them, 0 to pause.
    """

    max_temperature_c: float | None = None
    min_free_memory: float = 0.0
    quiet: QuietHours | None = None
    quiet_parallel: int = 1


@dataclass(frozen=True, slots=True)
class Eased:
    """A changed bound.

    Args:
        most: Calls at once from now on, None for no bound.
        words: "8 -> 4: 91 °C, above 85".
    """

    most: int | None
    words: str


@dataclass(slots=True)
class _Brake:
    """One thing to go by: heat, or memory.

    Args:
        is_bad: It is beyond its bound.
        is_good: It is clearly within it.
        bad_words: A reading that is beyond, in words.
        good_words: One that is within.
    """

    is_bad: Callable[[Reading], bool]
    is_good: Callable[[Reading], bool]
    bad_words: Callable[[Reading], str]
    good_words: Callable[[Reading], str]
    most: int | None = None
    before: int = 0
    changed_at: float = 0.0
    good_since: float | None = None

    def look(self, reading: Reading, now: float, level: int) -> str:
        """Change the bound if that is due; return why, "" for no change."""
        if self.is_bad(reading):
            self.good_since = None
            return self._down(reading, now, level)
        if self.most is None or not self.is_good(reading):
            self.good_since = None
            return ""
        if self.good_since is None:
            self.good_since = now
        return self._up(reading, now)

    def _down(self, reading: Reading, now: float, level: int) -> str:
        if self.most is None:
            self.before = max(level, 1)
        elif now - self.changed_at < STEP_S or self.most <= 1:
            return ""
        self.most = max(1, min(self.most or self.before, max(level, 1)) // 2)
        self.changed_at = now
        return self.bad_words(reading)

    def _up(self, reading: Reading, now: float) -> str:
        assert self.most is not None
        assert self.good_since is not None
        if now - max(self.good_since, self.changed_at) < CALM_S:
            return ""
        self.most = None if self.most * 2 >= self.before else self.most * 2
        self.changed_at = now
        return self.good_words(reading)


class Care:
    """Decides over the calls at once of a run.

    Guarantees:
        Heat and memory never bring them below 1; only quiet hours may pause them.
        Without a sensor nothing is concluded.
    """

    def __init__(self, options: CareOptions) -> None:
        self._options = options
        self._brakes = [*_heat(options), *_memory(options)]
        self._is_quiet = False
        self._most: int | None = None
        self._normal = 1

    def look(self, reading: Reading, now: float, ts: float, level: int) -> Eased | None:
        """Return the new bound where it has changed.

        Args:
            now: Monotonic seconds.
            ts: Seconds since the epoch.
            level: Calls that may run at once now.
        """
        if self._most is None:
            self._normal = max(level, 1)
        reasons = [brake.look(reading, now, level) for brake in self._brakes]
        reasons.append(self._look_at_clock(ts))
        bounds = [brake.most for brake in self._brakes]
        if self._is_quiet:
            bounds.append(self._options.quiet_parallel)
        before = self._most
        self._most = min((one for one in bounds if one is not None), default=None)
        if self._most == before:
            return None
        reason = "; ".join(filter(None, reasons)) or "another bound is over"
        was, is_now = self._told(before), self._told(self._most)
        change = f"{was} -> {is_now}" if was != is_now else f"stays {is_now}"
        return Eased(self._most, f"{change}: {reason}")

    def _told(self, most: int | None) -> str:
        most = self._most if most == -1 else most
        return "paused" if most == 0 else str(self._normal if most is None else most)

    def _look_at_clock(self, ts: float) -> str:
        quiet = self._options.quiet
        if quiet is None:
            return ""
        was, self._is_quiet = self._is_quiet, quiet.is_quiet(ts)
        if was == self._is_quiet:
            return ""
        state = "quiet hours" if self._is_quiet else "the end of quiet hours"
        return f"{state} {quiet.text} {quiet.zone}"


def _heat(options: CareOptions) -> list[_Brake]:
    most = options.max_temperature_c
    if most is None:
        return []
    low = most - COOLER_BY_C

    def degrees(reading: Reading) -> float:
        return -273.0 if reading.temperature_c is None else reading.temperature_c

    return [
        _Brake(
            is_bad=lambda reading: degrees(reading) > most,
            is_good=lambda reading: degrees(reading) <= low,
            bad_words=lambda reading: f"{degrees(reading):.0f} °C, above {most:g}",
            good_words=lambda reading: f"{degrees(reading):.0f} °C, {low:g} or less",
        )
    ]


def _memory(options: CareOptions) -> list[_Brake]:
    least = options.min_free_memory
    if not least:
        return []
    enough = min(FREER_BY * least, 1.0)

    def words(reading: Reading) -> str:
        free, there = reading.memory_free_bytes, reading.memory_bytes
        return f"{free / _GIB:.1f} of {there / _GIB:.1f} GiB of memory free"

    return [
        _Brake(
            is_bad=lambda reading: reading.free_share < least,
            is_good=lambda reading: reading.free_share >= enough,
            bad_words=lambda reading: f"{words(reading)}, less than {least:.0%}",
            good_words=lambda reading: f"{words(reading)}, {enough:.0%} or more",
        )
    ]
