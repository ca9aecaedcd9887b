"""ConnectionPool: connections to one model server, used again while that is safe."""

from __future__ import annotations

import asyncio
import errno
import math
import socket
import ssl
from collections import deque
from contextlib import ExitStack

from aiohappyeyeballs import start_connection
from yarl import URL

from subak.errors import NotConnected, SubakError
from subak.llm.connection import Connection, Due
from subak.llm.open_files import allow_open_files, too_many_open_files
from subak.llm.response import Response

# Servers drop idle connections after 5 s and more.
_KEEP_S = 4.0
# A server's closing of a connection crosses our request on the way at once or never.
_CROSSED_S = 2.0
_DROPS_BORNE = 2
_BETWEEN_ADDRESSES_S = 0.25


class ConnectionPool:
    """Sends requests to one server, on a connection that is already open if possible.

    Guarantees:
        As many at once as the system has files for. A request that meets the end of
        a used connection before any byte of its response (llama.cpp drops connections
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
        self._idle: deque[Connection] = deque()  # the longest idle first
        self._busy: set[Connection] = set()
        self._watch: asyncio.TimerHandle | None = None
        self._watched_until = math.inf
        self._address = ""
        self._tls: ssl.SSLContext | None = None
        self._drops = 0
        self._has_files = False

    async def exchange(self, request: bytes, response: Response, due: Due) -> None:
        """Send a request; return when ``response`` is whole.

        Raises:
            NotConnected: Nobody took the connection.
            ConnectionError: It ended before the response did.
            TimeoutError: ``due`` has passed.
            SubakError: What reading the response raised.
        """
        now = asyncio.get_running_loop().time
        sent = now()
        used = self._take_idle(sent - _KEEP_S)
        if used is None:
            await self._ask(await self._connect(due), request, response, due)
            return
        try:
            await self._ask(used, request, response, due)
        except ConnectionError:
            if response.has_begun or now() - sent >= _CROSSED_S:
                raise
            await self._ask(await self._connect(due), request, response, due)
            # Only now: a server that is gone has not dropped just a connection.
            self._drops += 1
            if self._drops >= _DROPS_BORNE:
                self._close_idle()

    async def close(self) -> None:
        """Let go of all connections."""
        self._close_idle()
        for connection in tuple(self._busy):
            connection.close()
        self._look_at(math.inf)
        await asyncio.sleep(0)  # the event loop closes the sockets in its next turn

    async def _ask(
        self, connection: Connection, request: bytes, response: Response, due: Due
    ) -> None:
        self._busy.add(connection)
        if due.at < self._watched_until:
            self._look_at(due.at)
        try:
            await connection.ask(request, response, due)
        finally:
            self._busy.discard(connection)
            if connection.is_open:
                self._give_back(connection)

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
        for connection in self._busy:
            connection.look(now)
        dues = [
            connection.due.at for connection in self._busy if connection.due.at > now
        ]
        self._look_at(min(dues, default=math.inf))

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _take_idle(self, oldest: float) -> Connection | None:
        """Return the connection used last; close those no server keeps so long."""
        while self._idle and self._idle[0].idle_since < oldest:
            self._idle.popleft().close()
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        return None

    def _give_back(self, connection: Connection) -> None:
        if self._drops >= _DROPS_BORNE:
            connection.close()
            return
        connection.rest()
        self._idle.append(connection)

    async def _connect(self, due: Due) -> Connection:
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

    async def _dial(self, loop: asyncio.AbstractEventLoop) -> Connection:
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
        with ExitStack() as unless_connected:
            unless_connected.callback(opened.close)
            transport, connection = await loop.create_connection(
                lambda: Connection(loop),
                sock=opened,
                ssl=self._tls,
                server_hostname=self._host if self._tls else None,
            )
            unless_connected.pop_all()
        self._address = transport.get_extra_info("peername")[0]
        return connection

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
