"""BodyReader: a body taken in pieces, with its size, rate and memory bounded."""

from __future__ import annotations

import asyncio

import aiohttp

from subak.engine.clock import Clock
from subak.errors import TimedOut, UnusableContent
from subak.sources.byte_gate import ByteGate, Load
from subak.sources.failure import LAST_COPY
from subak.sources.fetch_limits import FetchLimits
from subak.sources.gate import Visit
from subak.sources.reason import because
from subak.sources.request import Request


class BodyReader:
    """Read bodies, all of them together within one gate of memory."""

    def __init__(self, clock: Clock, limits: FetchLimits, memory: ByteGate) -> None:
        self._clock = clock
        self._limits = limits
        self._memory = memory

    async def read(
        self,
        response: aiohttp.ClientResponse,
        request: Request,
        visit: Visit,
        deadline: asyncio.Timeout,
    ) -> bytes:
        """Return the body, decompressed.

        Args:
            visit: Is told what came, also if it was too much.
            deadline: Is put off while this body waits for memory.

        Raises:
            UnusableContent: It is larger than allowed.
            TimedOut: It trickles.
        """
        most = min(self._limits.max_bytes, request.max_bytes or self._limits.max_bytes)
        if (response.content_length or 0) > most and not request.is_cut:
            raise _too_large(most, request.url)
        load = Load()
        pieces: list[bytes] = []
        size = 0
        begun = self._clock.monotonic()
        try:
            while piece := await response.content.readany():
                size += len(piece)
                if size > most and not request.is_cut:
                    raise _too_large(most, request.url)
                pieces.append(piece)
                if size >= most:
                    break
                if not self._memory.take(load, len(piece)):
                    begun += await self._wait(load, len(piece), deadline)
                self._check_rate(size, begun, request)
        finally:
            self._memory.free(load)
            visit.received(size)
        if len(pieces) == 1 and size <= most:
            return pieces[0]
        return b"".join(pieces)[:most]

    async def _wait(self, load: Load, size: int, deadline: asyncio.Timeout) -> float:
        """Wait for memory; that is not the server's fault, and costs it no time."""
        begun = self._clock.monotonic()
        end = deadline.when()
        deadline.reschedule(None)
        await self._memory.wait(load, size)
        waited_s = self._clock.monotonic() - begun
        deadline.reschedule(None if end is None else end + waited_s)
        return waited_s

    def _check_rate(self, size: int, begun: float, request: Request) -> None:
        seconds = self._clock.monotonic() - begun
        if seconds > self._limits.patience_s and size < self._limits.min_rate * seconds:
            trickle = TimedOut(
                f"the body trickles: {size:,} bytes in {seconds:.0f} s",
                where=request.url,
                hint=LAST_COPY,
            )
            raise because("read-timeout", trickle)


def _too_large(most: int, where: str) -> UnusableContent:
    large = UnusableContent(
        f"it is larger than {most:,} bytes",
        where=where,
        hint="raise fetch.max_bytes in the recipe if the page is worth it",
    )
    return because("too-large", large)
