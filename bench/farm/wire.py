"""Wire: one connection to a site: HTTP/1.1 over asyncio.Protocol, and slow poison."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Iterator
from email.utils import formatdate
from functools import cache
from http import HTTPStatus
from typing import Protocol

from bench.farm.answer import Answer, Asked

_HEAD_END = b"\r\n\r\n"
_DRIP_BYTES, _DRIP_S = 500, 1.0
_ENDLESS_S = 0.1
_ENDLESS_BACKLOG = 1 << 20
_ENDLESS_BLOCK = b"<p>and there is still more of it</p>" * 560
_HUGE_BLOCK, _HUGE_TIMES = b"lorem ipsum dolor " * 3_000, 1_000
_BOMB_BLOCK, _BOMB_TIMES = b"\0" * (1 << 20), 2_048


class Host(Protocol):
    """Who answers on a connection."""

    def begin(self, asked: Asked) -> float:
        """Take note of a request; return how long to wait with the answer."""
        ...

    def answer(self, asked: Asked) -> Answer:
        """Return the answer."""
        ...

    def end(self, asked: Asked, status: int, size: int) -> None:
        """Take note of what was sent; status 0: the visitor left."""
        ...


class Wire(asyncio.Protocol):
    """Keeps alive; answers one request at a time, later ones wait in the buffer."""

    def __init__(self, host: Host, loop: asyncio.AbstractEventLoop) -> None:
        self._host = host
        self._loop = loop
        self._buffer = b""
        self._asked: Asked | None = None
        self._status = 0
        self._timer: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of a visitor."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Forget the visitor and what it waited for."""
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
        if self._asked is not None:
            self._host.end(self._asked, 0, 0)
            self._asked = None

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        self._buffer += data
        self._next()

    def _next(self) -> None:
        if self._asked is not None or _HEAD_END not in self._buffer:
            return
        head, _, self._buffer = self._buffer.partition(_HEAD_END)
        first, *lines = head.decode("latin-1").split("\r\n")
        method, _, rest = first.partition(" ")
        fields = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        self._asked = asked = Asked(method, rest.partition(" ")[0], fields)
        self._later(self._host.begin(asked), lambda: self._answer(asked))

    def _answer(self, asked: Asked) -> None:
        answer = self._host.answer(asked)
        self._status = answer.status
        match answer.manner:
            case "never":
                return
            case "whole":
                self._whole(asked, answer)
            case "stalls":
                self._write(_head(answer, length=50_000) + answer.body)
            case "cut":
                self._write(_head(answer, length=len(answer.body)))
                self._write(answer.body[: len(answer.body) // 2])
                self._close(len(answer.body) // 2)
            case "huge":
                self._write(_head(answer) + answer.body[:2_000])
                self._pour(iter([_HUGE_BLOCK] * _HUGE_TIMES))
            case "bomb":
                self._write(_head(answer, "Content-Encoding: gzip"))
                self._write(bomb())
                self._close(len(bomb()))
            case "drips":
                self._write(_head(answer, length=len(answer.body)))
                blocks = range(0, len(answer.body), _DRIP_BYTES)
                pieces = (answer.body[at : at + _DRIP_BYTES] for at in blocks)
                self._trickle(pieces, _DRIP_S)
            case "endless":
                self._write(_head(answer))
                self._trickle(iter(lambda: _ENDLESS_BLOCK, b""), _ENDLESS_S)

    def _whole(self, asked: Asked, answer: Answer) -> None:
        is_last = answer.is_last or asked.fields.get("connection", "") == "close"
        length = None if answer.is_last else len(answer.body)
        extra = ("Connection: close",) if is_last else ()
        sends_body = asked.method != "HEAD" and answer.status != HTTPStatus.NOT_MODIFIED
        body = answer.body if sends_body else b""
        self._write(_head(answer, *extra, length=length) + body)
        if is_last:
            self._close(len(body))
        else:
            self._done(len(body))
            self._next()

    def _trickle(self, pieces: Iterator[bytes], every_s: float) -> None:
        """Send a piece now and then, for ever if they never end."""
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if transport.get_write_buffer_size() < _ENDLESS_BACKLOG:
            piece = next(pieces, None)
            if piece is None:
                self._close(0)
                return
            self._write(piece)
        self._later(every_s, lambda: self._trickle(pieces, every_s))

    def _pour(self, pieces: Iterator[bytes]) -> None:
        """Send as fast as it is taken, with little waiting in memory here."""
        transport = self._transport
        # A connection that broke says so here first, and only later by a call.
        while transport is not None and not transport.is_closing():
            if transport.get_write_buffer_size() > _ENDLESS_BACKLOG:
                self._later(0.005, lambda: self._pour(pieces))
                return
            piece = next(pieces, None)
            if piece is None:
                self._close(0)
                return
            self._write(piece)

    def _later(self, seconds: float, act: Callable[[], None]) -> None:
        if seconds <= 0.0:
            act()
        else:
            self._timer = self._loop.call_later(seconds, act)

    def _done(self, size: int) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            self._host.end(asked, self._status, size)

    def _close(self, size: int) -> None:
        self._done(size)
        if self._transport is not None:
            self._transport.close()

    def _write(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)


@cache
def bomb() -> bytes:
    """Return 2 GB of zeros in 2 MB; who reads to its end finds the checksum wrong."""
    packer = zlib.compressobj(9, wbits=31)
    first, again = (
        packer.compress(_BOMB_BLOCK) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2)
    )
    # A full flush forgets what came before: the same block packs to the same bytes.
    return first + again * (_BOMB_TIMES - 1) + packer.flush()


def _head(answer: Answer, *extra: str, length: int | None = None) -> bytes:
    lines = [
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        f"Date: {formatdate(usegmt=True)}",
        *answer.headers,
        *extra,
    ]
    if answer.status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Type: {answer.content_type}")
        if length is not None:
            lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
