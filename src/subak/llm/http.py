"""HttpClient: JSON and streamed lines from a model server, with deadlines and caps.

Knows HTTP, not what the lines mean. Redirects are not followed and proxies of the
environment are not used, so that a key and a prompt go where the spec says.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping

from yarl import URL

from subak.engine.clock import Clock
from subak.errors import (
    BrokenAnswer,
    ConnectionLost,
    SubakError,
    TimedOut,
    Unreachable,
    UserError,
)
from subak.llm.connection import Due
from subak.llm.connection_pool import ConnectionPool
from subak.llm.faults import Reply, fault_of
from subak.llm.head import Heads
from subak.llm.key import ApiKey
from subak.llm.options import Deadlines
from subak.llm.response import Response

_MAX_LINE = 4 << 20
TakeLines = Callable[[list[bytes]], bool]


class HttpClient:
    """One model server's base URL, and how it may be talked to.

    Model calls have a client of their own, because a call's cost is the client's:
    bench/client_cost.py measures it beside aiohttp, which reads each chunk of a
    streamed answer by itself.
    """

    def __init__(
        self, base_url: str, *, clock: Clock, key: ApiKey, deadlines: Deadlines
    ) -> None:
        self.base_url = base_url
        self.key = key
        self._clock = clock
        self._deadlines = deadlines
        self._url = _parse(base_url)
        self._connections = ConnectionPool(self._url, deadlines.connect_s)
        self._heads = Heads()
        self._headers = _headers(self._url, key)
        self._path = self._url.raw_path.rstrip("/")

    def url(self, path: str) -> str:
        """Return the whole address of a path."""
        return f"{self.base_url}{path}"

    def fault(self, reply: Reply) -> SubakError:
        """Return the error a refusal of this server stands for."""
        return fault_of(reply, self.key, self._clock.now())

    async def get(self, path: str, timeout_s: float = 5.0) -> Mapping[str, object]:
        """Ask the server about itself; return its JSON object.

        Raises:
            Unreachable: Nothing answers there.
            SubakError: It answers with something else.
        """
        return await self._ask(self._request("GET", path, b""), path, timeout_s)

    async def ask(
        self, path: str, body: bytes, timeout_s: float = 5.0
    ) -> Mapping[str, object]:
        """Ask the server about itself with a JSON body; return its JSON object.

        Raises:
            Unreachable: Nothing answers there.
            SubakError: It answers with something else.
        """
        return await self._ask(self._request("POST", path, body), path, timeout_s)

    async def post(self, path: str, body: bytes) -> Reply:
        """Send a JSON body; return the server's whole answer.

        Raises:
            SubakError: Out of reach, too slow, too large, or not JSON at all.
        """
        answer = Response(self.url(path))
        due = Due(asyncio.get_running_loop().time() + self._deadlines.total_s)
        return await self._send(self._request("POST", path, body), answer, due)

    async def post_lines(
        self, path: str, body: bytes, take: TakeLines, patience_s: float = 0.0
    ) -> Reply:
        """Send a JSON body; hand the lines of the answer to ``take`` as they come.

        Args:
            path: Below the base URL.
            body: JSON.
            take: Gets the whole lines that one read brought and tells whether any of
                them was progress; others (keep-alive) don't move the deadline. What
                it raises ends the request.
            patience_s: How much longer the first progress may take.

        Returns:
            The answer's headers once all lines were taken, or the refusal instead.

        Raises:
            SubakError: Out of reach, too slow, cut short or too large.
        """
        limits = self._deadlines
        now = asyncio.get_running_loop().time
        start = now()
        end = start + limits.total_s
        due = Due(min(start + limits.first_byte_s + patience_s, end))

        def move_on() -> None:
            due.at = min(now() + limits.between_s, end)

        lines = _Lines(take, move_on)
        answer = Response(self.url(path), lines.take, self._heads.read)
        reply = await self._send(self._request("POST", path, body), answer, due)
        lines.finish()
        return reply

    async def close(self) -> None:
        """Let go of the connections."""
        await self._connections.close()

    def _request(self, method: str, path: str, body: bytes) -> bytes:
        head = (
            f"{method} {self._path}{path} HTTP/1.1\r\n"
            f"{self._headers}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode("ascii") + body

    async def _ask(
        self, request: bytes, path: str, timeout_s: float
    ) -> Mapping[str, object]:
        answer = Response(self.url(path))
        due = Due(asyncio.get_running_loop().time() + timeout_s)
        try:
            reply = await self._send(request, answer, due)
        except (ConnectionLost, TimedOut) as error:
            raise self._unreachable(error) from error
        if reply.status != 200:
            raise self.fault(reply)
        return _json_object(reply.body, reply.where)

    async def _send(self, request: bytes, answer: Response, due: Due) -> Reply:
        try:
            await self._connections.exchange(request, answer, due)
        except TimeoutError as error:
            raise TimedOut(
                "the model server did not answer in time",
                where=self.base_url,
                hint="subak doctor shows whether it is alive and how much it can do",
            ) from error
        except OSError as error:
            raise ConnectionLost(
                "the connection to the model server broke off",
                where=self.base_url,
                hint="the server's own log tells why",
            ) from error
        return Reply(answer.where, answer.status, answer.body, answer.headers)

    def _unreachable(self, error: SubakError) -> Unreachable:
        reason = "no answer in time" if isinstance(error, TimedOut) else error.message
        return Unreachable(
            f"no model server answers ({reason})",
            where=self.base_url,
            hint="start it, or see what is there: subak doctor",
        )


class _Lines:
    """Cuts a body into lines; each progress gives the next one its time."""

    __slots__ = ("_move_on", "_rest", "_take")

    def __init__(self, take: TakeLines, move_on: Callable[[], None]) -> None:
        self._take = take
        self._move_on = move_on
        self._rest = b""

    def take(self, data: bytes) -> None:
        """Hand on the lines that are whole."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _MAX_LINE:
            raise BrokenAnswer(f"a line is longer than {_MAX_LINE >> 20} MB")
        if lines and self._take(lines):
            self._move_on()

    def finish(self) -> None:
        """Hand on a last line that has no end."""
        if self._rest.strip():
            self._take([self._rest])


def _parse(base_url: str) -> URL:
    try:
        url = URL(base_url)
        port = url.port
    except ValueError as error:
        raise UserError("not a URL", where=base_url) from error
    if url.scheme not in {"http", "https"} or not url.raw_host or not port:
        raise UserError(
            "not the URL of a model server",
            where=base_url,
            hint="http://HOST:PORT or https://HOST",
        )
    return url


def _headers(url: URL, key: ApiKey) -> str:
    headers = {
        "Host": url.host_port_subcomponent or "",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Content-Type": "application/json",
        "User-Agent": "subak",
        **key.headers(),
    }
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


def _json_object(body: bytes, where: str) -> Mapping[str, object]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise BrokenAnswer("the answer is not JSON", where=where) from error
    if not isinstance(value, dict):
        raise BrokenAnswer("the answer is not a JSON object", where=where)
    return value
