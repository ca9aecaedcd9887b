"""run_beside: a coroutine run to its end, also where a loop is running already."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
_START_S = 5.0


def run_beside(
    job: Callable[[], Coroutine[object, object, T]], drain: Callable[[], None]
) -> T:
    """Run ``job()`` in a loop of its own and return its result.

    Where a loop is running, as in a notebook, the new one gets a thread; a first
    KeyboardInterrupt then drains the job, a second one stops it at once.

    Guarantees: when this returns or raises, the job has ended.
    Assumes: ``drain`` may be called in the job's loop at any moment.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(job())
    loop = asyncio.new_event_loop()
    task: asyncio.Task[T] | None = None
    began, ended = threading.Event(), threading.Event()

    async def serve() -> T:
        nonlocal task
        task = asyncio.current_task()
        return await job()

    def stop() -> None:
        if task is not None:
            task.cancel()

    def serve_in_thread() -> T:
        try:
            began.set()
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                return runner.run(serve())
        finally:
            ended.set()

    thread = ThreadPoolExecutor(1, thread_name_prefix="subak-loop")
    try:
        return thread.submit(serve_in_thread).result()
    except KeyboardInterrupt:
        # Waits for the event: Python 3.11 takes a thread whose join was interrupted
        # for ended, and one whose start was interrupted for none.
        try:
            _tell(loop, drain)
            _wait(began, ended)
        except KeyboardInterrupt:
            _tell(loop, stop)
            _wait(began, ended)
        raise
    finally:
        thread.shutdown(wait=False)


def _wait(began: threading.Event, ended: threading.Event) -> None:
    if began.wait(_START_S):
        ended.wait()


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    with suppress(RuntimeError):  # the loop is closed: the job has just ended
        loop.call_soon_threadsafe(what)
