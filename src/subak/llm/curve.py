"""Curve: a server's throughput over concurrency, and where it stops rising.

Pure: it is told levels and says which one to measure next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

MOST_PARALLEL = 512
_RISE = 0.05
_DIP = 0.1
_FLAT_LEVELS = 2
_MOST_ERRORS = 0.1


@dataclass(frozen=True, slots=True)
class Level:
    """What a server did with so many calls at once.

    Args:
        tokens_per_s: Tokens written in a second, over all calls.
        first_token_s: Median time to the first token; None where nothing streams.
        seconds: Median time of a whole answer.
        calls: Answers that were completed.
        errors: Calls that were refused or broke off.
        active: Most answers that were being written at one moment.
    """

    parallel: int
    tokens_per_s: float
    first_token_s: float | None
    seconds: float
    calls: int
    errors: int = 0
    active: int = 0

    @property
    def is_sound(self) -> bool:
        """Tell whether the server took this many without refusing."""
        return self.errors <= _MOST_ERRORS * (self.calls + self.errors)


@dataclass(frozen=True, slots=True)
class Curve:
    """Levels in ascending order, no two of the same concurrency.

    Args:
        slots: What the server publishes; calls above that only wait.
    """

    levels: tuple[Level, ...] = ()
    slots: int | None = None

    def with_level(self, level: Level) -> Curve:
        """Return the curve with one more level; of the same one twice, the faster.

        What else a machine does can only make it slower.
        """
        levels = {each.parallel: each for each in self.levels}
        known = levels.get(level.parallel)
        if known is None or known.tokens_per_s < level.tokens_per_s:
            levels[level.parallel] = level
        ordered = tuple(levels[parallel] for parallel in sorted(levels))
        return Curve(ordered, self.slots)

    @property
    def best(self) -> Level | None:
        """Return the level with most tokens a second, None before any."""
        return max(self._useful(), key=lambda level: level.tokens_per_s, default=None)

    @property
    def knee(self) -> Level | None:
        """Return the smallest level within 5 % of the best, None before any."""
        best = self.best
        if best is None:
            return None
        enough = best.tokens_per_s * (1 - _RISE)
        return next(each for each in self._useful() if each.tokens_per_s >= enough)

    @property
    def is_flat(self) -> bool:
        """Tell whether the last two levels brought less than 5 % each."""
        last = range(len(self.levels) - _FLAT_LEVELS, len(self.levels))
        return len(self.levels) > _FLAT_LEVELS and not any(map(self._rose, last))

    @property
    def is_refusing(self) -> bool:
        """Tell whether the highest level met more than a few errors."""
        return bool(self.levels) and not self.levels[-1].is_sound

    def next_level(self, cap: int) -> int | None:
        """Return the level to climb to; None when it is high enough.

        Args:
            cap: Never more than that.
        """
        if not self.levels:
            return 1
        highest = self.levels[-1].parallel
        if self.is_flat or self.is_refusing or highest >= cap:
            return None
        return min(highest * 2, cap)

    def middle(self) -> int | None:
        """Return the level half-way between the knee and the one below it."""
        knee = self.knee
        if knee is None:
            return None
        below = [each for each in self.levels if each.parallel < knee.parallel]
        between = (below[-1].parallel + knee.parallel) // 2 if below else 0
        return between if below and between > below[-1].parallel else None

    def doubtful(self) -> tuple[int, ...]:
        """Return levels much slower than a smaller one: was the machine disturbed?"""
        found = []
        best = 0.0
        for level in self.levels:
            if level.is_sound and level.tokens_per_s < best * (1 - _DIP):
                found.append(level.parallel)
            best = max(best, level.tokens_per_s)
        return tuple(found)

    def slots_seen(self) -> int | None:
        """Return how many answers the server writes at once, where that shows.

        It shows when twice as many calls were under way and no more were written,
        and the tokens no longer rose.
        """
        if not self.levels:
            return None
        highest = self.levels[-1]
        if not highest.active or highest.active * 2 > highest.parallel:
            return None
        rising = self._rose(len(self.levels) - 1)
        return None if rising else highest.active

    def _useful(self) -> tuple[Level, ...]:
        """Return the sound levels up to the first that fills all slots.

        A call that waits for a slot adds nothing; where it seems to, it is chance.
        """
        slots = self.slots or self.slots_seen() or MOST_PARALLEL
        above = [each.parallel for each in self.levels if each.parallel >= slots]
        most = above[0] if above else slots
        return tuple(
            each for each in self.levels if each.is_sound and each.parallel <= most
        )

    def _rose(self, place: int) -> bool:
        """Tell whether a level brought 5 % over the best one before it."""
        level = self.levels[place]
        before = [each.tokens_per_s for each in self.levels[:place] if each.is_sound]
        return level.is_sound and level.tokens_per_s >= max(before, default=0.0) * (
            1 + _RISE
        )


def cap_of(slots: int | None, max_parallel: int | None) -> int:
    """Return the highest level worth trying.

    Args:
        slots: What the server publishes; twice as many show that more don't help.
        max_parallel: What the user allows.
    """
    known = [MOST_PARALLEL]
    if slots is not None:
        known.append(2 * slots)
    if max_parallel is not None:
        known.append(max_parallel)
    return max(1, min(known))


Told = Callable[[Level], None]
