"""CancelScope: lets others end what a task is waiting for.

What asyncio.timeout does with a deadline set from outside, without what that costs a
call that is not cut: a state, a context manager with two coroutines, a timer.
"""

from __future__ import annotations

import asyncio
from types import TracebackType


class CancelScope:
    """A block of a task that ends with TimeoutError once ``make`` was called.

    Guarantees: what has ended in the same moment is not cut; a cancellation of the
    task from elsewhere passes through.
    """

    __slots__ = ("_cancels", "_is_made", "_task")

    def __init__(self) -> None:
        self._task: asyncio.Task[object] | None = None
        self._cancels = 0
        self._is_made = False

    def __enter__(self) -> None:
        self._task = task = asyncio.current_task()
        assert task is not None
        self._cancels = task.cancelling()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        task, self._task = self._task, None
        if task is None or not self._is_made:
            return
        is_ours = task.uncancel() <= self._cancels
        if is_ours and isinstance(error, asyncio.CancelledError):
            raise TimeoutError from error

    def make(self) -> None:
        """End the block; before it has begun, or after it, do nothing."""
        if self._task is not None:
            self._task.get_loop().call_soon(self._cancel)

    def _cancel(self) -> None:
        if self._task is not None and not self._is_made:
            self._is_made = True
            self._task.cancel()
