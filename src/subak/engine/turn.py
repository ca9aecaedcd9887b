"""A run's turn on its workspace, when another run may still be at work there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from subak.engine.clock import Clock
from subak.engine.control import Control
from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from subak.errors import Interrupted, WorkspaceBusy

_SOONEST_LOOK_S = 1.0
_LATEST_LOOK_S = 5.0
_LOOK_SHARE = 0.05  # of the time waited so far: it wakes no machine every second
_LONGEST_S = 86_400.0


@asynccontextmanager
async def turn(
    workspace: Workspace,
    clock: Clock,
    control: Control | None = None,
    on_wait: Callable[[WorkspaceBusy], None] | None = None,
) -> AsyncIterator[float]:
    """Hold the workspace for the block; give the seconds that were waited for it.

    Guarantees:
        One run waits at most, so that runs that take too long don't queue up.

    Args:
        control: Ends the waiting when it is told to drain.
        on_wait: Told once by whom the workspace is held.

    Raises:
        WorkspaceBusy: It is held, and another run waits for it, or waited a day.
        Interrupted: The waiting was ended from outside.
    """
    lock = WorkspaceLock(workspace)
    waited_s = 0.0
    try:
        lock.__enter__()
    except WorkspaceBusy as busy:
        with WorkspaceLock(workspace, is_queue=True):
            if on_wait is not None:
                on_wait(busy)
            waited_s = await _wait(lock, clock, control)
    try:
        yield waited_s
    finally:
        lock.__exit__(None, None, None)


class _Waiting:
    """What a drain ends."""

    def __init__(self) -> None:
        self.is_over = False

    def drain(self) -> None:
        """Wait no longer."""
        self.is_over = True


async def _wait(lock: WorkspaceLock, clock: Clock, control: Control | None) -> float:
    waiting = _Waiting()
    if control is not None:
        control.attach(waiting)
    began = clock.monotonic()
    waited_s = 0.0
    while not waiting.is_over:
        look_s = max(_SOONEST_LOOK_S, waited_s * _LOOK_SHARE)
        await clock.sleep(min(look_s, _LATEST_LOOK_S))
        waited_s = clock.monotonic() - began
        try:
            lock.__enter__()
        except WorkspaceBusy:
            if waited_s >= _LONGEST_S:
                raise
        else:
            return waited_s
    raise Interrupted("stopped while it waited for another run to finish")
