"""The event loop of commands: uvloop where it is installed, else asyncio's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from importlib.util import find_spec
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on the fastest loop there is and return its result.

    With uvloop 1,000 model calls at 64 in flight took 0.377 s of processor time, with
    asyncio's own loop 0.508 s (medians of six runs in turn). For commands only: a
    library runs on the loop of its host.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(main)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    if find_spec("uvloop") is None:  # there is none for Windows
        return asyncio.new_event_loop
    from uvloop import new_event_loop

    return new_event_loop
