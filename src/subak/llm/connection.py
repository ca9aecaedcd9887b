"""Connection: one open connection to a model server, with one exchange at a time."""

from __future__ import annotations

import asyncio
import math
from contextvars import Context, copy_context
from typing import cast

from subak.errors import SubakError
from subak.llm.response import Response


class Due:
    """When an exchange must have got further; moved on by whoever sees progress."""

    __slots__ = ("at",)

    def __init__(self, at: float) -> None:
        self.at = at


class Connection(asyncio.Protocol):
    """Sends a request and reads its response straight from the network's callbacks.

    Reading in the callback saves waking the waiting task for each piece that comes.

    Guarantees:
        ``ask`` ends with a whole response, an error or its cancellation; after anything
        but a whole response that may be followed by another, the connection is closed.
        What reads the response runs in the context of the task that asked.
    Assumes:
        One event loop; one ``ask`` at a time. Somebody calls ``look`` from time to
        time, or an exchange that gets no further never ends.
    """

    __slots__ = (
        "_context",
        "_done",
        "_loop",
        "_response",
        "_transport",
        "due",
        "idle_since",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.idle_since = 0.0
        self.due = Due(math.inf)
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._response: Response | None = None
        self._done: asyncio.Future[None] | None = None
        self._context: Context

    @property
    def is_open(self) -> bool:
        """Tell whether another request can be sent."""
        return self._transport is not None and not self._transport.is_closing()

    async def ask(self, request: bytes, response: Response, due: Due) -> None:
        """Send a request; return when ``response`` is whole.

        Raises:
            ConnectionError: The connection ended before the response did.
            TimeoutError: ``due`` has passed.
            SubakError: What reading the response raised.
        """
        if self._transport is None:
            raise ConnectionResetError
        self._response, self.due, self._context = response, due, copy_context()
        self._done = self._loop.create_future()
        try:
            self._transport.write(request)
            await self._done
        finally:
            self._response = self._done = None
            if not (response.is_whole and response.is_kept_open):
                self.close()

    def rest(self) -> None:
        """Note since when nothing is asked."""
        self.idle_since = self._loop.time()

    def close(self) -> None:
        """Close the connection now."""
        transport, self._transport = self._transport, None
        if transport is not None:
            transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Read on; nobody has asked for what comes between two exchanges."""
        response = self._response
        if response is None:
            self.close()
            return
        try:
            self._context.run(response.feed, data)
        except SubakError as error:
            self._end(error)
            return
        if response.is_whole:
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        """End the exchange, well if the response ends with the connection."""
        self._transport = None
        if self._response is None:
            return
        if exc is None and self._response.end():
            self._end()
        else:
            self._end(exc or ConnectionResetError())

    def look(self, now: float) -> None:
        """End the exchange if it is overdue."""
        if now >= self.due.at:
            self._end(TimeoutError())

    def _end(self, error: Exception | None = None) -> None:
        # Nothing more is read: what still comes finds no response and ends all.
        self._response = None
        done = self._done
        if done is None or done.done():
            return
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
