"""Connections: those to one model server, used again as long as that is safe."""

from __future__ import annotations

import asyncio
import errno
import math
import socket
import ssl
from collections import deque

from aiohappyeyeballs import start_connection
from yarl import URL

from subak.errors import NotConnected, SubakError
from subak.llm.answer import Answer
from subak.llm.open_files import allow_open_files, too_many_open_files
from subak.llm.wire import Due, Wire

# Servers drop idle connections after 5 s and more.
_KEEP_S = 4.0
# A server's closing of a connection crosses our request on the wire at once or never.
_CROSSED_S = 2.0
_DROPS_BORNE = 2
_BETWEEN_ADDRESSES_S = 0.25


class Connections:
    """Sends requests to one server, on a connection that is already open if possible.

    Guarantees:
        As many at once as the system has files for. A request that meets the end of
        a used connection before any byte of its answer (llama.cpp drops connections
        behind streamed answers) is sent again, once, on a fresh one; a fresh one that
        breaks is the server's failure and passed on. A server that drops twice so
        gets a connection a request from then on.
    Assumes:
        One event loop.
    """

    def __init__(self, url: URL, connect_s: float) -> None:
        self._url = url
        self._host = url.raw_host or ""
        self._connect_s = connect_s
        self._idle: deque[Wire] = deque()  # the longest idle first
        self._busy: set[Wire] = set()
        self._watch: asyncio.TimerHandle | None = None
        self._watched_until = math.inf
        self._address = ""
        self._tls: ssl.SSLContext | None = None
        self._drops = 0
        self._has_files = False

    async def exchange(self, request: bytes, answer: Answer, due: Due) -> None:
        """Send a request; return when ``answer`` is whole.

        Raises:
            NotConnected: Nobody took the connection.
            ConnectionError: It ended before the answer did.
            TimeoutError: ``due`` has passed.
            SubakError: What reading the answer raised.
        """
        now = asyncio.get_running_loop().time
        sent = now()
        used = self._take_idle(sent - _KEEP_S)
        if used is None:
            await self._ask(await self._connect(due), request, answer, due)
            return
        try:
            await self._ask(used, request, answer, due)
        except ConnectionError:
            if answer.has_begun or now() - sent >= _CROSSED_S:
                raise
            await self._ask(await self._connect(due), request, answer, due)
            # Only now: a server that is gone has not dropped just a connection.
            self._drops += 1
            if self._drops >= _DROPS_BORNE:
                self._close_idle()

    async def close(self) -> None:
        """Let go of all connections."""
        self._close_idle()
        for wire in tuple(self._busy):
            wire.close()
        self._look_at(math.inf)
        await asyncio.sleep(0)  # the event loop closes the sockets in its next turn

    async def _ask(self, wire: Wire, request: bytes, answer: Answer, due: Due) -> None:
        self._busy.add(wire)
        if due.at < self._watched_until:
            self._look_at(due.at)
        try:
            await wire.ask(request, answer, due)
        finally:
            self._busy.discard(wire)
            if wire.is_open:
                self._give_back(wire)

    def _look_at(self, moment: float) -> None:
        """Look then at the exchanges that are under way.

        One timer for all saves setting one and cancelling it for each: it fires when
        the first of them was due when it began, and most have ended then.
        """
        if self._watch is not None:
            self._watch.cancel()
        self._watch, self._watched_until = None, moment
        if moment < math.inf:
            self._watch = asyncio.get_running_loop().call_at(moment, self._look)

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        for wire in self._busy:
            wire.look(now)
        dues = [wire.due.at for wire in self._busy if wire.due.at > now]
        self._look_at(min(dues, default=math.inf))

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _take_idle(self, oldest: float) -> Wire | None:
        """Return the connection used last; close those no server keeps so long."""
        while self._idle and self._idle[0].idle_since < oldest:
            self._idle.popleft().close()
        while self._idle:
            wire = self._idle.pop()
            if wire.is_open:
                return wire
        return None

    def _give_back(self, wire: Wire) -> None:
        if self._drops >= _DROPS_BORNE:
            wire.close()
            return
        wire.rest()
        self._idle.append(wire)

    async def _connect(self, due: Due) -> Wire:
        if not self._has_files:
            allow_open_files()
            self._has_files = True
        loop = asyncio.get_running_loop()
        limit = loop.time() + self._connect_s
        try:
            async with asyncio.timeout_at(min(limit, due.at)):
                return await self._dial(loop)
        except (OSError, ValueError) as error:
            self._address = ""
            if isinstance(error, TimeoutError) and due.at < limit:
                raise
            raise self._not_connected(error) from error

    async def _dial(self, loop: asyncio.AbstractEventLoop) -> Wire:
        """Open a connection; remember which of a name's addresses answered."""
        url = self._url
        if url.scheme == "https" and self._tls is None:
            self._tls = ssl.create_default_context()
        # Not left to create_connection: uvloop's tries addresses one after another.
        opened = await start_connection(
            await loop.getaddrinfo(
                self._address or self._host, url.port or 80, type=socket.SOCK_STREAM
            ),
            happy_eyeballs_delay=_BETWEEN_ADDRESSES_S,
            interleave=1,
        )
        try:
            transport, wire = await loop.create_connection(
                lambda: Wire(loop),
                sock=opened,
                ssl=self._tls,
                server_hostname=self._host if self._tls else None,
            )
        except BaseException:
            opened.close()
            raise
        self._address = transport.get_extra_info("peername")[0]
        return wire

    def _not_connected(self, error: Exception) -> SubakError:
        where = str(self._url)
        if getattr(error, "errno", None) in {errno.EMFILE, errno.ENFILE}:
            return too_many_open_files(where)
        reason = f" ({error.reason})" if isinstance(error, ssl.SSLError) else ""
        return NotConnected(
            f"cannot connect to {self._url.host}:{self._url.port}{reason}",
            where=where,
            hint="start the server, or see what is there: subak doctor",
        )
