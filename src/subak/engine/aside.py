"""Aside: small blocking work, done in one thread beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Aside:
    """Do what would make the event loop wait: files, sockets of old libraries.

    Guarantees: work is done in the order it came, one at a time; ``finish`` and
    ``close`` return when all of it is done. Whoever awaits ``do`` gets what the work
    raises.
    Assumes: each piece of work ends by itself, and touches nothing that the loop's
    thread writes.

    Args:
        name: Of the thread.
    """

    def __init__(self, name: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._error: BaseException | None = None

    async def do(self, work: Callable[[], T]) -> T:
        """Return what the work returns."""
        return await asyncio.wrap_future(self._thread.submit(work))

    def post(self, work: Callable[[], object]) -> None:
        """Have the work done soon; ``finish`` tells of what it raised."""
        self._thread.submit(work).add_done_callback(self._note)

    async def close(self) -> None:
        """Finish, without making the event loop wait."""
        await asyncio.to_thread(self.finish)

    def finish(self) -> None:
        """Return when everything is done; again does nothing.

        Raises:
            BaseException: What the first of the posted works raised.
        """
        self._thread.shutdown()
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _note(self, done: Future[object]) -> None:
        self._error = self._error or done.exception()
