"""Watch: notices that a server is not what it was when its level was chosen.

A machine gets hot, another client comes or goes: goodput at one and the same level
changes by a quarter or more.
"""

from __future__ import annotations

from subak.engine.tuning.constants import FELL, ROSE


class Watch:
    """Compare the windows of one level with the first of them."""

    def __init__(self) -> None:
        self._level = 0
        self._usual = 0.0

    def see(self, level: int, goodput: float) -> float | None:
        """Take a window's goodput; return its ratio to the usual if that is gone."""
        if level != self._level:
            self._level, self._usual = level, goodput
            return None
        ratio = goodput / self._usual
        if FELL < ratio < ROSE:
            return None
        self._usual = goodput
        return ratio
