"""ConnectionPool: used again while safe, never at the price of a lost request."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar

import pytest
from yarl import URL

from subak.errors import NotConnected
from subak.llm.connection import Due
from subak.llm.connection_pool import ConnectionPool
from subak.llm.open_files import allow_open_files, too_many_open_files
from subak.llm.response import Response

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
REQUEST = b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
WHO: ContextVar[str] = ContextVar("who")


class Server:
    """Counts connections and requests; ``behave`` answers the n-th of a connection."""

    def __init__(self, behave: Callable[[int], bytes | None] = lambda _n: OK) -> None:
        self.behave = behave
        self.opened = 0
        self.asked = 0
        self.gone = 0
        self.hold = asyncio.Event()
        self.hold.set()
        self._changed = asyncio.Event()

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until the counts are as they should be."""
        async with asyncio.timeout(20):
            while not holds():
                self._changed.clear()
                await self._changed.wait()

    async def serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Response until told to drop the connection (None)."""
        self.opened += 1
        self._changed.set()
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            number = 0
            while True:
                await reader.readuntil(b"\r\n\r\n")
                self.asked += 1
                self._changed.set()
                number += 1
                await self.hold.wait()
                answer = self.behave(number)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        self.gone += 1
        self._changed.set()
        writer.close()


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator[ConnectionPool]:
    """Open connections to a server, and leave neither behind."""
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, backlog=2048)
    port = listening.sockets[0].getsockname()[1]
    connections = ConnectionPool(URL(f"http://127.0.0.1:{port}"), 5.0)
    try:
        yield connections
    finally:
        server.hold.set()
        await connections.close()
        listening.close()
        await server.until(lambda: server.gone >= server.opened)
        await asyncio.sleep(0.002)


async def _ask(connections: ConnectionPool, within_s: float = 5.0) -> bytes:
    answer = Response("http://x")
    due = Due(asyncio.get_running_loop().time() + within_s)
    await connections.exchange(REQUEST, answer, due)
    return answer.body


def _run(
    server: Callable[[], Server],
    scenario: Callable[[ConnectionPool, Server], Coroutine[None, None, None]],
) -> None:
    async def run() -> None:
        it = server()
        async with connected(it) as connections:
            await scenario(connections, it)

    asyncio.run(run())


def test_calls_one_after_another_share_a_connection() -> None:
    """Opening one costs more than a call."""

    async def scenario(connections: ConnectionPool, server: Server) -> None:
        for _ in range(5):
            assert await _ask(connections) == b"ok"
        assert (server.opened, server.asked) == (1, 5)

    _run(Server, scenario)


def test_calls_at_once_have_a_connection_each() -> None:
    """Nothing waits for a connection, at 1,024 in flight either."""

    async def scenario(connections: ConnectionPool, server: Server) -> None:
        server.hold.clear()
        async with asyncio.TaskGroup() as group:
            calls = [group.create_task(_ask(connections, 30.0)) for _ in range(1024)]
            await server.until(lambda: server.asked == 1024)
            server.hold.set()
        assert {call.result() for call in calls} == {b"ok"}
        assert server.opened == 1024

    _run(Server, scenario)


def test_request_that_meets_a_drop_is_sent_again_on_a_fresh_connection() -> None:
    """llama.cpp closes behind a streamed answer; that is no failure."""

    async def scenario(connections: ConnectionPool, server: Server) -> None:
        assert await _ask(connections) == b"ok"
        assert await _ask(connections) == b"ok"
        assert (server.opened, server.asked) == (2, 3)

    _run(lambda: Server(lambda number: OK if number == 1 else None), scenario)


def test_server_that_drops_twice_gets_a_connection_a_request() -> None:
    """From then on no request meets a drop."""

    async def scenario(connections: ConnectionPool, server: Server) -> None:
        for _ in range(3):
            await _ask(connections)
        asked = server.asked
        for _ in range(5):
            await _ask(connections)
        assert server.asked == asked + 5

    _run(lambda: Server(lambda number: OK if number == 1 else None), scenario)


def test_fresh_connection_that_drops_is_a_failure() -> None:
    """The server had the request and broke over it: it is not sent twice."""

    async def scenario(connections: ConnectionPool, server: Server) -> None:
        with pytest.raises(ConnectionError):
            await _ask(connections)
        assert server.asked == 1

    _run(lambda: Server(lambda _number: None), scenario)


def test_drop_within_an_answer_is_a_failure() -> None:
    """What has begun is not asked for again behind the caller's back."""

    async def scenario(connections: ConnectionPool, server: Server) -> None:
        await _ask(connections)
        with pytest.raises(TimeoutError):
            await _ask(connections, 0.1)
        assert server.asked == 2

    _run(lambda: Server(lambda number: OK if number == 1 else OK[:-1]), scenario)


def test_cancelled_call_closes_its_connection() -> None:
    """The server learns that nobody waits any more, and frees the slot."""

    async def scenario(connections: ConnectionPool, server: Server) -> None:
        server.hold.clear()
        call = asyncio.ensure_future(_ask(connections))
        await server.until(lambda: server.asked == 1)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        server.hold.set()
        await server.until(lambda: server.gone == 1)

    _run(Server, scenario)


def test_what_comes_unasked_closes_the_connection() -> None:
    """It must never be taken for the next answer."""

    async def scenario(connections: ConnectionPool, server: Server) -> None:
        await _ask(connections)
        await asyncio.sleep(0.02)
        await _ask(connections)
        assert server.opened == 2

    _run(lambda: Server(lambda _number: OK + b"HTTP/1.1 200 OK\r\n"), scenario)


def test_nobody_there_is_told_with_the_address() -> None:
    """A refused connection says that nothing was sent."""

    async def scenario(connections: ConnectionPool, _server: Server) -> None:
        nobody = ConnectionPool(URL("http://127.0.0.1:1"), 1.0)
        with pytest.raises(NotConnected, match=r"127\.0\.0\.1:1"):
            await _ask(nobody)

    _run(Server, scenario)


def test_answer_is_read_in_the_context_of_its_caller() -> None:
    """Whose task it is goes along, though the network's callback reads."""
    read: list[str] = []

    async def one(connections: ConnectionPool, name: str) -> None:
        WHO.set(name)
        answer = Response("http://x", lambda _data: read.append(WHO.get()))
        due = Due(asyncio.get_running_loop().time() + 5)
        await connections.exchange(REQUEST, answer, due)

    async def scenario(connections: ConnectionPool, _server: Server) -> None:
        async with asyncio.TaskGroup() as group:
            for name in ("one", "two"):
                group.create_task(one(connections, name))
        await asyncio.create_task(one(connections, "three"))
        assert sorted(read[:2]) == ["one", "two"]
        assert read[2:] == ["three"]

    _run(Server, scenario)


def test_open_files_are_raised_as_far_as_allowed() -> None:
    """A thousand calls at once need more than most systems begin with."""
    allowed = allow_open_files()
    assert allowed is None or allowed >= 1024
    assert allow_open_files(1) == allowed
    error = too_many_open_files("http://x")
    assert str(allowed) in error.message
    assert "ulimit -n" in error.hint


EXHAUSTED = """
import asyncio, resource
from yarl import URL
from subak.errors import UserError
from subak.llm.response import Response
from subak.llm.connection_pool import ConnectionPool
from subak.llm.connection import Due

async def scenario():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    answer, held = Response("http://x"), []
    try:
        while True:
            held.append(open("/dev/null"))
    except OSError:
        pass
    due = Due(asyncio.get_running_loop().time() + 1)
    try:
        connections = ConnectionPool(URL("http://127.0.0.1:1"), 1.0)
        await connections.exchange(b"", answer, due)
    except UserError as error:
        for file in held:
            file.close()
        print(error.message, "|", error.hint)

asyncio.run(scenario())
"""


def test_no_file_left_for_a_connection_names_the_limit() -> None:
    """Where the system allows no more, the user learns what to type."""
    done = subprocess.run(
        [sys.executable, "-c", EXHAUSTED], capture_output=True, text=True, check=True
    )
    assert "this process may open 64 files" in done.stdout
    assert "ulimit -n" in done.stdout
    assert "--max-parallel" in done.stdout
