"""HttpClient: JSON and streamed lines from a model server, with deadlines and caps.

Knows HTTP, not what the lines mean. Redirects are not followed and proxies of the
environment are not used, so that a key and a prompt go where the spec says.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiohttp

from subak.engine.clock import Clock
from subak.errors import (
    BrokenAnswer,
    ConnectionLost,
    SubakError,
    TimedOut,
    Unreachable,
    UserError,
)
from subak.llm.faults import Reply, fault_of
from subak.llm.key import ApiKey
from subak.llm.options import Deadlines

_MAX_BYTES = 16 << 20
_MAX_LINE = 4 << 20
_MAX_REFUSAL = 64 << 10
_KEEP_S = 4.0


class HttpClient:
    """One model server's base URL, and how it may be talked to."""

    def __init__(
        self, base_url: str, *, clock: Clock, key: ApiKey, deadlines: Deadlines
    ) -> None:
        self.base_url = base_url
        self.key = key
        self._clock = clock
        self._deadlines = deadlines
        self._session: aiohttp.ClientSession | None = None

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
        try:
            async with (
                self._faults(),
                asyncio.timeout(timeout_s),
                self._request("GET", path) as response,
            ):
                if response.status != 200:
                    raise self.fault(await self._refusal(response))
                return _json_object(await self._whole(response), self.url(path))
        except (ConnectionLost, TimedOut, TimeoutError) as error:
            raise self._unreachable(error) from error

    async def post(self, path: str, body: object) -> Reply:
        """Send a JSON body; return the server's whole answer.

        Raises:
            SubakError: Out of reach, too slow, too large, or not JSON at all.
        """
        async with (
            self._faults(),
            asyncio.timeout(self._deadlines.total_s),
            self._request("POST", path, body) as response,
        ):
            if response.status != 200:
                return await self._refusal(response)
            return Reply(self.url(path), 200, await self._whole(response))

    async def post_lines(
        self, path: str, body: object, take: Callable[[bytes], bool]
    ) -> Reply | None:
        """Send a JSON body; hand each line of the answer to ``take`` as it comes.

        Args:
            path: Below the base URL.
            body: Sent as JSON.
            take: Tells whether the line was progress; others (keep-alive) don't
                move the deadline. What it raises ends the request.

        Returns:
            None once all lines were taken, or the refusal instead of any.

        Raises:
            SubakError: Out of reach, too slow, cut short or too large.
        """
        limits = self._deadlines
        async with (
            self._faults(),
            asyncio.timeout(limits.total_s),
            asyncio.timeout(limits.first_byte_s) as idle,
            self._request("POST", path, body) as response,
        ):
            if response.status != 200:
                return await self._refusal(response)
            self._check_kind(response)
            await self._each_line(response, take, idle)
        return None

    async def close(self) -> None:
        """Let go of the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _each_line(
        self,
        response: aiohttp.ClientResponse,
        take: Callable[[bytes], bool],
        idle: asyncio.Timeout,
    ) -> None:
        loop = asyncio.get_running_loop()
        size, rest = 0, b""
        async for chunk in response.content.iter_any():
            size += len(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            if size > _MAX_BYTES or len(rest) > _MAX_LINE:
                raise self._too_large()
            progress = [take(line.strip()) for line in lines]
            if any(progress):
                idle.reschedule(loop.time() + self._deadlines.between_s)
        if rest.strip():
            take(rest.strip())

    def _request(
        self, method: str, path: str, body: object = None
    ) -> aiohttp.client._RequestContextManager:
        session = self._session
        if session is None or session.closed:
            session = self._session = self._open()
        return session.request(
            method,
            self.url(path),
            data=None if body is None else _encode(body),
            allow_redirects=False,
        )

    def _open(self) -> aiohttp.ClientSession:
        limits = self._deadlines
        return aiohttp.ClientSession(
            connector=self._connector(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=limits.connect_s),
            headers={
                "Content-Type": "application/json",
                "Accept-Encoding": "identity",
                **self.key.headers(),
            },
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )

    def _connector(self) -> aiohttp.TCPConnector:
        # llama.cpp drops the connection behind a streamed answer; a request that meets
        # the drop is lost. Opening one costs 0.2 ms nearby, so only TLS keeps them,
        # for less than the 5 s after which servers drop idle ones.
        if urlsplit(self.base_url).scheme == "http":
            return aiohttp.TCPConnector(limit=0, force_close=True)
        return aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEP_S)

    async def _whole(self, response: aiohttp.ClientResponse) -> bytes:
        self._check_kind(response)
        return await self._read(response, _MAX_BYTES)

    async def _refusal(self, response: aiohttp.ClientResponse) -> Reply:
        body = await response.content.read(_MAX_REFUSAL)
        return Reply(str(response.url), response.status, body, dict(response.headers))

    async def _read(self, response: aiohttp.ClientResponse, cap: int) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > cap:
                raise self._too_large()
        return bytes(body)

    def _check_kind(self, response: aiohttp.ClientResponse) -> None:
        encoding = response.headers.get("Content-Encoding", "identity")
        if response.content_type == "text/html" or encoding != "identity":
            kind = "an HTML page" if encoding == "identity" else f"{encoding} data"
            raise BrokenAnswer(
                f"the model server answered with {kind}",
                where=str(response.url),
                hint="subak doctor checks whether this is a model server",
            )

    def _too_large(self) -> BrokenAnswer:
        return BrokenAnswer(
            f"the answer is larger than {_MAX_BYTES >> 20} MB", where=self.base_url
        )

    def _unreachable(self, error: Exception) -> Unreachable:
        reason = error.message if isinstance(error, SubakError) else "no answer in time"
        return Unreachable(
            f"no model server answers ({reason})",
            where=self.base_url,
            hint="start it, or see what is there: subak doctor",
        )

    @asynccontextmanager
    async def _faults(self) -> AsyncIterator[None]:
        """Turn what can go wrong on the wire into our errors."""
        try:
            yield
        except TimeoutError as error:
            raise TimedOut(
                "the model server did not answer in time",
                where=self.base_url,
                hint="subak doctor shows whether it is alive and how much it can do",
            ) from error
        except aiohttp.InvalidURL as error:
            raise UserError("not a URL", where=self.base_url) from error
        except (aiohttp.ClientConnectorError, aiohttp.ClientConnectorDNSError) as error:
            raise ConnectionLost(
                f"cannot connect to {urlsplit(self.base_url).netloc}",
                where=self.base_url,
                hint="start the server, or see what is there: subak doctor",
            ) from error
        except aiohttp.ClientResponseError as error:
            raise BrokenAnswer(
                "the server does not speak HTTP", where=self.base_url
            ) from error
        except (aiohttp.ClientError, ConnectionError) as error:
            raise ConnectionLost(
                "the connection to the model server broke off",
                where=self.base_url,
                hint="the server's own log tells why",
            ) from error


def _encode(body: object) -> bytes:
    # Lone surrogates cannot be sent as UTF-8; JSON escapes them in pure ASCII.
    return json.dumps(body).encode("ascii")


def _json_object(body: bytes, where: str) -> Mapping[str, object]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise BrokenAnswer("the answer is not JSON", where=where) from error
    if not isinstance(value, dict):
        raise BrokenAnswer("the answer is not a JSON object", where=where)
    return value
