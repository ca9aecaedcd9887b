"""Crash points: end the process without warning at a chosen event."""

from __future__ import annotations

import os
import signal

from subak.engine.events import Event


class CrashAt:
    """An event listener that kills its own process with SIGKILL at the n-th event.

    Nothing is flushed, closed or caught: what survives is what was committed.

    Args:
        event: Number of the deadly event, counted from 1.
    """

    def __init__(self, event: int) -> None:
        self._left = event

    def __call__(self, _event: Event) -> None:
        """Count the event; at the chosen one, don't return."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
