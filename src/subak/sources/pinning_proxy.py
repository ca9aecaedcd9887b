"""PinningProxy: what a browser may reach, judged at the address that is dialled.

A browser has a network of its own. Behind this proxy it opens no connection itself:
names are resolved here, and only addresses the guard permits are connected to.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

from yarl import URL

from subak.engine.limiter import FixedLimiter
from subak.errors import Refused, SubakError
from subak.sources.address import check_address
from subak.sources.guard import Guard

_HEAD_BYTES = 32_768
_PIECE_BYTES = 65_536
_CONNECT_S = 10.0
_HEAD_S = 10.0
_IDLE_S = 30.0
_PER_HOST = 2  # connections, as everywhere
_REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_NOT_PASSED = (b"proxy-", b"connection:", b"keep-alive:")
_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The head of a request: where to, and what to send there first."""

    url: URL
    first: bytes
    is_tunnel: bool


class PinningProxy:
    """An HTTP proxy on a loopback port for one page of a browser.

    Guarantees: it connects to addresses the guard permits and to nothing else, at
    most two at once to a host; it passes on at most ``max_bytes``, both ways.
    Assumes: the browser sends everything through it (see ``browser``).

    Args:
        port: The page's own port, allowed besides 80 and 443.
    """

    def __init__(self, guard: Guard, port: int | None, max_bytes: int) -> None:
        self._guard = guard
        self._port = port
        self._bytes_left = max_bytes
        self._hosts: dict[str, FixedLimiter] = {}
        self._writers: set[asyncio.StreamWriter] = set()
        self.refused: list[str] = []

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """Serve; yields the address to give to the browser."""
        server = await asyncio.start_server(
            self._answer, "127.0.0.1", 0, limit=_HEAD_BYTES
        )
        try:
            host, port = server.sockets[0].getsockname()
            yield f"http://{host}:{port}"
        finally:
            server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            await server.wait_closed()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._writers.add(writer)
        try:
            async with asyncio.timeout(_HEAD_S):
                asked = _parse(await reader.readuntil(b"\r\n\r\n"), self._port)
            async with self._host(asked.url).slot():
                await self._pass_on(asked, (reader, writer))
        except SubakError as error:
            self.refused.append(error.where)
            with suppress(OSError):
                writer.write(_REFUSAL)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the browser sees a connection that ends, and says so itself
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _pass_on(self, asked: _Asked, browser: _Streams) -> None:
        site = await self._connect(asked.url)
        self._writers.add(site[1])
        try:
            if asked.is_tunnel:
                browser[1].write(_OPENED)
            else:
                site[1].write(asked.first)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._copy(browser[0], site[1]))
                group.create_task(self._copy(site[0], browser[1]))
        except* OSError:
            pass  # one side ended
        finally:
            self._writers.discard(site[1])
            site[1].close()

    async def _copy(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter
    ) -> None:
        while True:
            async with asyncio.timeout(_IDLE_S):
                piece = await source.read(_PIECE_BYTES)
            self._bytes_left -= len(piece)
            if not piece or self._bytes_left < 0:
                raise ConnectionResetError  # ends the other direction too
            target.write(piece)
            async with asyncio.timeout(_IDLE_S):
                await target.drain()

    async def _connect(self, url: URL) -> _Streams:
        host = url.host or ""
        guard = self._guard.for_host(host)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(_CONNECT_S):
            found = await loop.getaddrinfo(host, url.port, type=socket.SOCK_STREAM)
            permitted = [info for info in found if guard.permits(str(info[4][0]))]
            if not permitted:
                raise Refused(
                    "the page's scripts ask for a private address", where=str(url)
                )
            with ExitStack() as stack:
                connection = guard.open_socket(permitted[0])
                stack.callback(connection.close)
                connection.setblocking(False)
                await loop.sock_connect(connection, permitted[0][4])
                streams = await asyncio.open_connection(sock=connection)
                stack.pop_all()
                return streams

    def _host(self, url: URL) -> FixedLimiter:
        name = url.host or ""
        return self._hosts.setdefault(name, FixedLimiter(f"proxy:{name}", _PER_HOST))


def _parse(head: bytes, port: int | None) -> _Asked:
    """Return what a request's head asks for.

    Raises:
        Refused: It is no request, or its address is none that may be asked for.
    """
    line, _, rest = head.partition(b"\r\n")
    parts = line.split(b" ")
    if len(parts) != 3:
        raise Refused("no HTTP request", where=line.decode("latin-1")[:200])
    method, target = parts[0], parts[1].decode("latin-1")
    if method == b"CONNECT":
        return _Asked(check_address(f"https://{target}/", port=port), b"", True)
    url = check_address(target, port=port)
    kept = [
        field
        for field in rest.split(b"\r\n")
        if field and not field.lower().startswith(_NOT_PASSED)
    ]
    start = b" ".join((method, url.raw_path_qs.encode("ascii"), b"HTTP/1.1"))
    first = b"\r\n".join((start, *kept, b"Connection: close", b"", b""))
    return _Asked(url, first, False)
