"""Timescale: where a moment stands on an axis of working time.

The pauses between the sessions of a resumed run take no room.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from subak.views.runs import Session
from subak.views.wording import clock_face, duration

_STEPS_S = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
_HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis, ``at`` in percent of its length."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Timescale:
    """The working time of a run as an axis."""

    sessions: tuple[Session, ...]

    @property
    def seconds(self) -> float:
        """Return the length of the axis."""
        return sum(session.seconds for session in self.sessions)

    def offset(self, ts: float) -> float:
        """Return the seconds worked until then."""
        worked = 0.0
        for session in self.sessions:
            if ts <= session.ended:
                return worked + max(ts - session.started, 0.0)
            worked += session.seconds
        return worked

    def offsets(self, moments: Iterable[float]) -> list[float]:
        """Return the seconds worked until each of many moments."""
        if len(self.sessions) != 1:
            return [self.offset(ts) for ts in moments]
        start, most = self.sessions[0].started, self.sessions[0].seconds
        return [min(ts - start, most) if ts > start else 0.0 for ts in moments]

    def percent(self, ts: float) -> float:
        """Return the place of a moment, 0 to 100."""
        return 100 * self.offset(ts) / self.seconds if self.seconds > 0 else 0.0

    def ticks(self, most: int = 6) -> list[Tick]:
        """Return round times, evenly spaced, at most that many and the start."""
        step = round_step(self.seconds, most)
        if step <= 0:
            return []
        number = math.floor(self.seconds / step * 0.999)
        return [
            Tick(100 * n * step / self.seconds, _label(n * step, step))
            for n in range(number + 1)
        ]

    def breaks(self) -> list[Tick]:
        """Return where the run was taken up again, and how long it had rested."""
        found = []
        for before, after in zip(self.sessions, self.sessions[1:], strict=False):
            rest = duration(max(after.started - before.ended, 0.0))
            found.append(Tick(self.percent(before.ended), f"stopped for {rest}"))
        return found


def scale_of(sessions: Sequence[Session]) -> Timescale:
    """Return the axis of these sessions."""
    return Timescale(tuple(sessions))


def round_step(seconds: float, most: int) -> float:
    """Return a step people count in that divides a time into few parts."""
    if seconds <= 0:
        return 0.0
    for step in _STEPS_S:
        if seconds / step <= most:
            return step
    return math.ceil(seconds / most / _HOUR_S) * _HOUR_S


def _label(seconds: float, step: float) -> str:
    if step < 1:
        return f"{seconds:.1f} s"
    return clock_face(seconds)
