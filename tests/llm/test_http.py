"""HttpClient against servers that misbehave below the level of HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from subak.engine.clock import SystemClock
from subak.errors import (
    BrokenAnswer,
    ConnectionLost,
    SubakError,
    TimedOut,
    Unreachable,
    UserError,
)
from subak.llm.http import HttpClient
from subak.llm.key import ApiKey
from subak.llm.options import Deadlines

Behave = Callable[[asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


@asynccontextmanager
async def served(behave: Behave) -> AsyncIterator[HttpClient]:
    """Open a client of a raw server that behaves like this after any request."""

    over = asyncio.Event()
    open_connections: set[asyncio.StreamWriter] = set()

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        open_connections.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            await behave(writer)
            await writer.drain()
        writer.close()
        open_connections.discard(writer)
        over.set()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    client = HttpClient(
        f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
        clock=SystemClock(),
        key=ApiKey("sk-secret", "K"),
        deadlines=Deadlines(first_byte_s=0.3, between_s=0.2, total_s=0.8),
    )
    try:
        yield client
    finally:
        await client.close()
        server.close()
        while open_connections:
            over.clear()
            async with asyncio.timeout(5):
                await over.wait()
        await asyncio.sleep(0.01)


def _post(behave: Behave) -> list[bytes]:
    """Return the lines a client takes; lines that begin with ":" are no progress."""
    lines: list[bytes] = []

    def take(some: list[bytes]) -> bool:
        lines.extend(some)
        return any(line and not line.startswith(b":") for line in some)

    async def scenario() -> None:
        async with served(behave) as client:
            reply = await client.post_lines("/x", b"{}", take)
            if reply.status != 200:
                raise client.fault(reply)

    asyncio.run(scenario())
    return lines


async def _every(writer: asyncio.StreamWriter, data: bytes, times: int) -> None:
    writer.write(HEAD)
    for _ in range(times):
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(0.05)


async def _never(_writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.5)


async def _pings(writer: asyncio.StreamWriter) -> None:
    await _every(writer, b": ping\n\n", 12)


async def _drip(writer: asyncio.StreamWriter) -> None:
    await _every(writer, b"x", 12)


async def _slow_without_end(writer: asyncio.StreamWriter) -> None:
    await _every(writer, b"token\n", 25)


async def _stall(writer: asyncio.StreamWriter) -> None:
    await _every(writer, b"token\n", 3)
    await asyncio.sleep(0.6)


async def _endless_line(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    for _ in range(6):
        writer.write(b"x" * (1 << 20))
        await writer.drain()


async def _endless(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    for _ in range(20):
        writer.write((b"x" * 1023 + b"\n") * 1024)
        await writer.drain()


async def _drip_of_headers(writer: asyncio.StreamWriter) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX: y":
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def _huge_header(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX: " + b"y" * (1 << 20))


async def _half_a_chunk(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n"))
    writer.write(b"20\r\ntoken\n")


async def _no_http(writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")


async def _nothing(_writer: asyncio.StreamWriter) -> None:
    """Close at once."""


async def _cut(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD.replace(b"\r\n\r\n", b"\r\nContent-Length: 100\r\n\r\n"))
    writer.write(b"token\n")


async def _packed(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n"))


async def _redirect(writer: asyncio.StreamWriter) -> None:
    writer.write(
        b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\n"
        b"Content-Length: 0\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("behave", "kind"),
    [
        (_never, TimedOut),
        (_pings, TimedOut),
        (_drip, TimedOut),
        (_drip_of_headers, TimedOut),
        (_huge_header, BrokenAnswer),
        (_half_a_chunk, ConnectionLost),
        (_slow_without_end, TimedOut),
        (_stall, TimedOut),
        (_endless_line, BrokenAnswer),
        (_endless, BrokenAnswer),
        (_no_http, BrokenAnswer),
        (_packed, BrokenAnswer),
        (_nothing, ConnectionLost),
        (_cut, ConnectionLost),
        (_redirect, UserError),
    ],
)
def test_misbehaviour_ends_as_its_error(behave: Behave, kind: type[SubakError]) -> None:
    """Nothing hangs, nothing grows without end, nothing is followed elsewhere."""
    with pytest.raises(kind) as caught:
        _post(behave)
    assert "sk-secret" not in f"{caught.value!r} {caught.value}"


def test_slow_but_steady_stream_is_taken() -> None:
    """Each token moves the deadline; lines arrive one by one."""

    async def steady(writer: asyncio.StreamWriter) -> None:
        await _every(writer, b"token\n", 10)

    assert _post(steady) == [b"token"] * 10


@pytest.mark.parametrize("behave", [_never, _nothing])
def test_question_to_a_dead_server_is_unreachable(behave: Behave) -> None:
    """A probe has one answer for all of it, with the way out."""

    async def scenario() -> None:
        async with served(behave) as client:
            await client.get("/v1/models", timeout_s=0.2)

    with pytest.raises(Unreachable) as caught:
        asyncio.run(scenario())
    assert "subak doctor" in caught.value.hint


def test_proxies_of_the_environment_are_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Prompts go where the spec says."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "")

    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"direct\n")

    assert _post(say) == [b"direct"]
