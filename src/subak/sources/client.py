"""FetchClient: one GET, every hop guarded, every size and time bounded.

Knows nothing of robots or politeness; a Gate stands before each hop for that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from http.cookies import BaseCookie
from typing import Protocol

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from subak.engine.clock import Clock
from subak.errors import Refused, TimedOut, UnusableContent
from subak.sources.address import check_address, find_port
from subak.sources.failure import transport_failure
from subak.sources.guard import Guard
from subak.sources.request import Reply, Request

_REDIRECTS = (301, 302, 303, 307, 308)
_PIECE_BYTES = 65_536
_CONNECTIONS = 200
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Bounds of one fetch; a server that keeps to none of them ends in an error.

    Args:
        connect_s: For name, connection and TLS.
        silence_s: For the first byte, and between two pieces of a body.
        total_s: For all hops, waiting for politeness excluded.
        max_bytes: Of the body, decompressed, counted while it arrives.
        min_rate: Bytes a second, judged after ``patience_s``.
        max_hops: Redirects followed.
    """

    connect_s: float = 5.0
    silence_s: float = 10.0
    total_s: float = 30.0
    max_bytes: int = 8_000_000
    min_rate: float = 1_000.0
    patience_s: float = 8.0
    max_hops: int = 5


class Gate(Protocol):
    """Who lets a hop pass: robots, limits of a host."""

    def enter(self, url: URL, request: Request) -> AbstractAsyncContextManager[None]:
        """Hold a place at the URL's host while the hop is made."""
        ...


class FetchClient:
    """Fetch over HTTP/1.1 without proxies, cookies kept or certificates ignored.

    Guarantees: no socket is opened to an address the request's guard forbids, at any
    hop; at most ``max_bytes`` and one piece are in memory; every call ends in time.
    """

    def __init__(
        self,
        user_agent: str,
        clock: Clock,
        limits: FetchLimits | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.limits = limits or FetchLimits()
        self._user_agent = user_agent
        self._clock = clock
        self._resolver = resolver
        # A connection opened for one allow list must not serve another one.
        self._sessions: dict[Guard, aiohttp.ClientSession] = {}

    async def fetch(self, request: Request, gate: Gate | None = None) -> Reply:
        """Return the final answer, whatever its status.

        Raises:
            Retryable: Not connected, cut or too slow.
            Refused: An address or a redirect that is not followed.
            UnusableContent: Too large, another media type, not HTTP.
        """
        port = find_port(request.url)
        url = check_address(request.url, port=port)
        cookies: BaseCookie[str] = BaseCookie()
        left_s = self.limits.total_s
        for _ in range(self.limits.max_hops + 1):
            guard = Guard.parse(request.allow_hosts).for_host(url.host or "")
            hop = _Hop(url, guard, _cookie_header(cookies), left_s)
            async with gate.enter(url, request) if gate else _open_gate():
                reply = await self._hop(hop, request, cookies)
            left_s = max(0.1, left_s - reply.seconds)
            if reply.status not in _REDIRECTS:
                return reply
            url = _next_address(url, reply, port, cookies)
        raise UnusableContent(
            f"more than {self.limits.max_hops} redirects",
            where=request.url,
            hint="open it in a browser and put the final address into the recipe",
        )

    async def close(self) -> None:
        """Close all connections; the client may be used again."""
        sessions = list(self._sessions.values())
        self._sessions.clear()
        for session in sessions:
            await session.close()

    async def _hop(
        self, hop: _Hop, request: Request, cookies: BaseCookie[str]
    ) -> Reply:
        begun = self._clock.monotonic()
        try:
            async with (
                asyncio.timeout(hop.left_s),
                self._session(hop.guard).get(
                    hop.url,
                    allow_redirects=False,
                    headers=_headers(hop, request),
                    timeout=self._timeout(),
                ) as response,
            ):
                cookies.update(response.cookies)
                body = await self._read(response, request)
                seconds = self._clock.monotonic() - begun
                return _to_reply(hop.url, response, body, seconds)
        except (aiohttp.ClientError, OSError) as error:
            raise transport_failure(error, str(hop.url)) from error

    async def _read(self, response: aiohttp.ClientResponse, request: Request) -> bytes:
        where = str(response.url)
        if response.status != 200:
            return b""
        _check_type(response, request, where)
        most = min(self.limits.max_bytes, request.max_bytes or self.limits.max_bytes)
        declared = response.content_length or 0
        if declared > most and not request.is_cut:
            raise _too_large(most, where)
        begun = self._clock.monotonic()
        pieces: list[bytes] = []
        size = 0
        async for piece in response.content.iter_chunked(_PIECE_BYTES):
            pieces.append(piece)
            size += len(piece)
            if size > most:
                if not request.is_cut:
                    raise _too_large(most, where)
                break
            self._check_rate(size, self._clock.monotonic() - begun, where)
        return b"".join(pieces)[:most]

    def _check_rate(self, size: int, seconds: float, where: str) -> None:
        if seconds > self.limits.patience_s and size < self.limits.min_rate * seconds:
            raise TimedOut(
                f"the body trickles: {size:,} bytes in {seconds:.0f} s",
                where=where,
                hint="the next run tries again; a copy fetched before is kept",
            )

    def _timeout(self) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(
            connect=self.limits.connect_s,
            sock_connect=self.limits.connect_s,
            sock_read=self.limits.silence_s,
        )

    def _session(self, guard: Guard) -> aiohttp.ClientSession:
        session = self._sessions.get(guard)
        if session is None:
            connector = aiohttp.TCPConnector(
                limit=_CONNECTIONS,
                resolver=self._resolver,
                socket_factory=guard.open_socket,
            )
            session = aiohttp.ClientSession(
                connector=connector,
                connector_owner=True,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip"},
                trust_env=False,
            )
            self._sessions[guard] = session
        return session


@dataclass(frozen=True, slots=True)
class _Hop:
    url: URL
    guard: Guard
    cookies: str
    left_s: float


@asynccontextmanager
async def _open_gate() -> AsyncIterator[None]:
    yield


def _headers(hop: _Hop, request: Request) -> dict[str, str]:
    headers = {"Accept": ", ".join(sorted(request.types)) or "*/*"}
    if hop.cookies:
        headers["Cookie"] = hop.cookies
    validators = request.validators
    if validators is not None and validators.url == str(hop.url):
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
    return headers


def _cookie_header(cookies: BaseCookie[str]) -> str:
    return "; ".join(f"{name}={cookie.coded_value}" for name, cookie in cookies.items())


def _next_address(
    url: URL, reply: Reply, port: int | None, cookies: BaseCookie[str]
) -> URL:
    """Return where a redirect leads; a consent cookie goes along on the same host."""
    try:
        target = check_address(url.join(URL(reply.location)), port=port)
    except ValueError as error:
        raise Refused(
            "it redirects to something that is no address",
            where=str(url),
            hint="open it in a browser and put the final address into the recipe",
        ) from error
    if url.scheme == "https" and target.scheme == "http":
        raise Refused(
            "it redirects from https to http, which anybody could read or change",
            where=str(url),
            hint="put the http address into the recipe if you accept that",
        )
    if target.host != url.host:
        cookies.clear()
    return target


def _check_type(response: aiohttp.ClientResponse, request: Request, where: str) -> None:
    encoding = response.headers.get("Content-Encoding", "").lower()
    if encoding not in _ENCODINGS:
        raise UnusableContent(
            f"it is compressed as {encoding!r}, which we did not ask for",
            where=where,
            hint="the server ignores Accept-Encoding; name another address",
        )
    kind = _media_type(response)
    if request.types and kind and kind not in request.types:
        raise UnusableContent(
            f"it is {kind}, not text",
            where=where,
            hint="name the page instead; other formats come with other source kinds",
        )


def _media_type(response: aiohttp.ClientResponse) -> str:
    header = response.headers.get("Content-Type", "")
    return header.partition(";")[0].strip().lower()


def _to_reply(
    url: URL, response: aiohttp.ClientResponse, body: bytes, seconds: float
) -> Reply:
    headers = response.headers
    return Reply(
        url=str(url),
        status=response.status,
        body=body,
        content_type=_media_type(response),
        charset=(response.charset or "").strip("\"' ").lower(),
        etag=headers.get("ETag", ""),
        last_modified=headers.get("Last-Modified", ""),
        retry_after=headers.get("Retry-After", ""),
        location=headers.get("Location", ""),
        seconds=seconds,
    )


def _too_large(most: int, where: str) -> UnusableContent:
    return UnusableContent(
        f"it is larger than {most:,} bytes",
        where=where,
        hint="raise fetch.max_bytes in the recipe if the page is worth it",
    )
