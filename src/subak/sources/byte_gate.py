"""ByteGate: how much of all bodies together lies in memory while they arrive."""

from __future__ import annotations

import asyncio
from collections import deque


class Load:
    """What one body holds of a gate."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held = 0


class ByteGate:
    """Let bodies grow only while their sum stays under a limit.

    Guarantees: never more than ``limit`` bytes are granted, and never a deadlock: one
    body at a time may go over the shared part into a reserve as large as the largest
    body, so it comes to its end and frees what it held. Waiters go in order.
    Assumes: one event loop; no body grows beyond ``largest``; ``free`` is called for
    every load, also after a failure.
    """

    def __init__(self, limit: int, largest: int) -> None:
        self._left = max(limit - largest, largest)
        self._express: Load | None = None
        self._waiters: deque[tuple[Load, int, asyncio.Future[None]]] = deque()

    def take(self, load: Load, size: int) -> bool:
        """Grant ``size`` more bytes at once; False means ``wait`` must be awaited."""
        if load is self._express:
            return True
        return not self._waiters and self._grant(load, size)

    async def wait(self, load: Load, size: int) -> None:
        """Return once the bytes are granted."""
        if not self._waiters and self._grant(load, size):
            return
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append((load, size, granted))
        await granted

    def free(self, load: Load) -> None:
        """Give back all a load holds; whoever waits goes on."""
        self._left += load.held
        load.held = 0
        if self._express is load:
            self._express = None
        while self._waiters:
            waiting, size, granted = self._waiters[0]
            if not granted.done():
                if not self._grant(waiting, size):
                    return
                granted.set_result(None)
            self._waiters.popleft()

    def _grant(self, load: Load, size: int) -> bool:
        if size <= self._left:
            self._left -= size
            load.held += size
            return True
        if self._express is None:
            self._express = load
            return True
        return False
