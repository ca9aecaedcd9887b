"""Run a job so that it can be stopped: the first signal drains, the second stops."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

from subak.cli.event_loop import run
from subak.cli.output import Output
from subak.engine.control import Control
from subak.engine.interpreter import favour_the_loop
from subak.errors import Interrupted

T = TypeVar("T")
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def conduct(job: Callable[[Control], Awaitable[T]], output: Output) -> T:
    """Run the job to its end and return its result.

    Raises:
        Interrupted: A second Ctrl-C or SIGTERM stopped it at once.
    """
    favour_the_loop()
    return run(_conduct(job, output))


def be_nice(by: int) -> None:
    """Let this process, and all that it starts, stand back for others.

    Args:
        by: How far, 0 to 19; one that stands further back already stays there.
    """
    with suppress(OSError):  # a system that does not let it: the work is the same
        missing = by - os.getpriority(os.PRIO_PROCESS, 0)
        if by and missing > 0:
            os.nice(missing)


async def _conduct(job: Callable[[Control], Awaitable[T]], output: Output) -> T:
    control = Control()
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    count = 0

    def stop() -> None:
        nonlocal count
        count += 1
        if count == 1:
            output.warn("stopping: what is under way is finished and kept (again: now)")
            control.drain()
        elif task is not None:
            task.cancel()

    for each in _SIGNALS:
        loop.add_signal_handler(each, stop)
    try:
        return await job(control)
    except asyncio.CancelledError:
        if count < 2:
            raise
        raise Interrupted(
            "stopped at once", hint="run the same command again to go on"
        ) from None
    finally:
        for each in _SIGNALS:
            loop.remove_signal_handler(each)
