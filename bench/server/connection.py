"""Connection: as much of HTTP/1.1 as model clients speak, over asyncio.Protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.server.exchange import Exchange

if TYPE_CHECKING:
    from bench.server.stand import Stand

_REASONS: Mapping[int, str] = {
    200: "OK",
    400: "Bad Request",
    404: "Not Found",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request as it came."""

    method: str
    path: str
    body: bytes


class Connection(asyncio.Protocol):
    """Keeps alive; answers one request at a time, later ones wait in the buffer."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self._buffer = b""
        self._exchange: Exchange | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of a client."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
        self._stand.statistics.connections += 1
        self._stand.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Forget a client and what it waited for."""
        self._transport = None
        self._stand.connections.discard(self)
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.client_left()

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        self._buffer += data
        self._answer_next()

    def begin(self, exchange: Exchange) -> None:
        """Start an exchange on this connection."""
        self._exchange = exchange
        exchange.start()

    def reply(self, status: int, body: bytes, extra: str = "") -> None:
        """Send a whole answer."""
        self._write(
            b"HTTP/1.1 %d %s\r\ncontent-type: application/json\r\n"
            b"content-length: %d\r\n%s\r\n%s"
            % (status, _REASONS[status].encode(), len(body), extra.encode(), body)
        )

    def open_stream(self, content_type: str) -> None:
        """Send the head of an answer in chunks."""
        self._write(
            b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\n"
            b"transfer-encoding: chunked\r\n\r\n" % content_type.encode()
        )

    def send_chunk(self, data: bytes) -> None:
        """Send one chunk."""
        self._write(b"%x\r\n%s\r\n" % (len(data), data))

    def close_stream(self, data: bytes) -> None:
        """Send the last chunk and the end mark."""
        self._write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data))

    def abort(self) -> None:
        """Break the connection off."""
        if self._transport is not None:
            self._transport.abort()

    def done(self) -> None:
        """Go on with what waits in the buffer."""
        self._exchange = None
        if self._buffer and self._transport is not None:
            self._stand.loop.call_soon(self._answer_next)

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _answer_next(self) -> None:
        while self._exchange is None and self._transport is not None:
            incoming = self._next()
            if incoming is None:
                return
            self._stand.serve(self, incoming)

    def _next(self) -> Incoming | None:
        """Cut one whole request off the buffer."""
        head, found, _ = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        start = len(head) + 4
        if fields.get("transfer-encoding", "").lower() == "chunked":
            return self._chunked(first, start)
        end = start + int(fields.get("content-length") or 0)
        if len(self._buffer) < end:
            return None
        return self._cut(first, self._buffer[start:end], end)

    def _chunked(self, first: str, start: int) -> Incoming | None:
        body = b""
        while True:
            size_end = self._buffer.find(b"\r\n", start)
            if size_end < 0:
                return None
            size = int(self._buffer[start:size_end].split(b";")[0], 16)
            end = size_end + 2 + size
            if len(self._buffer) < end + 2:
                return None
            body += self._buffer[size_end + 2 : end]
            start = end + 2
            if size == 0:
                return self._cut(first, body, start)

    def _cut(self, first: str, body: bytes, end: int) -> Incoming:
        self._buffer = self._buffer[end:]
        method, _, rest = first.partition(" ")
        path = rest.partition(" ")[0].partition("?")[0]
        return Incoming(method, path.rstrip("/") or "/", body)
