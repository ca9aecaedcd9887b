"""FetchClient: one GET, every hop guarded, every size and time bounded.

Knows nothing of robots or politeness; a Gate stands before each hop for that.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from subak.engine.clock import Clock
from subak.errors import Refused, SubakError, UnusableContent
from subak.sources.address import OWN_PORT, check_address
from subak.sources.body_reader import BodyReader
from subak.sources.byte_gate import ByteGate
from subak.sources.failure import transport_failure
from subak.sources.fetch_limits import FetchLimits
from subak.sources.gate import Gate, OpenGate, Visit
from subak.sources.reason import because
from subak.sources.request import Reply, Request
from subak.sources.sessions import Sessions

MEMORY_BYTES = 64_000_000  # all bodies that are arriving, together
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ENCODINGS = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_OPEN_GATE = OpenGate()


class FetchClient:
    """Fetch over HTTP/1.1 without proxies, cookies kept or certificates ignored.

    Guarantees: no socket is opened to an address the request's guard forbids, at any
    hop; at most ``max_bytes`` of one body and 64 MB of all bodies are in memory;
    every call ends in time.
    """

    def __init__(
        self,
        user_agent: str,
        clock: Clock,
        limits: FetchLimits | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self.limits = limits or FetchLimits()
        self.sent = 0  # requests: every hop, robots.txt and lists of pages too
        self._clock = clock
        self._sessions = Sessions(user_agent, self.limits, resolver)
        self._places = asyncio.Semaphore(self.limits.connections)
        memory = ByteGate(MEMORY_BYTES, self.limits.max_bytes)
        self._bodies = BodyReader(clock, self.limits, memory)
        self._accepted: dict[frozenset[str], str] = {}

    async def fetch(self, request: Request, gate: Gate | None = None) -> Reply:
        """Return the final answer, whatever its status.

        Raises:
            Retryable: Not connected, cut or too slow.
            Refused: An address or a redirect that is not followed.
            UnusableContent: Too large, another media type, not HTTP.
        """
        gate = gate or _OPEN_GATE
        url = check_address(request.url, port=OWN_PORT)
        port = url.port
        hop = _Hop(url, self.limits.total_s)
        seen: set[tuple[URL, str]] = set()
        for _ in range(self.limits.max_hops + 1):
            at = (hop.url, _cookie_header(hop.cookies))
            async with gate.enter(hop.url, request) as visit:
                reply = await self._hop(hop, request, visit)
                visit.answered(reply)
            if reply.status not in _REDIRECTS or request.posted is not None:
                return reply
            seen.add(at)
            hop.left_s = max(0.1, hop.left_s - reply.seconds)
            hop.turn_to(_next_address(hop.url, reply, port))
            if (hop.url, _cookie_header(hop.cookies)) in seen:
                raise _endless("it redirects in a circle", request.url)
        message = f"more than {self.limits.max_hops} redirects"
        raise _endless(message, request.url)

    async def close(self) -> None:
        """Close all connections; the client may be used again."""
        await self._sessions.close()

    async def _hop(self, hop: _Hop, request: Request, visit: Visit) -> Reply:
        async with self._places:
            try:
                async with asyncio.timeout(hop.left_s) as deadline:
                    return await self._exchange(hop, request, visit, deadline)
            except (aiohttp.ClientError, OSError) as error:
                if hop.is_reading and deadline.expired():
                    raise _unending(hop) from error
                raise transport_failure(error, str(hop.url)) from error

    async def _exchange(
        self, hop: _Hop, request: Request, visit: Visit, deadline: asyncio.Timeout
    ) -> Reply:
        self.sent += 1
        begun = self._clock.monotonic()
        session = self._sessions.find(request.allow_hosts, hop.url.host or "")
        response = await session.request(
            "GET" if request.posted is None else "POST",
            hop.url,
            data=request.posted,
            allow_redirects=False,
            headers=self._headers(hop, request),
        )
        try:
            latency_s = self._clock.monotonic() - begun
            body = b""
            if response.status == 200:
                _check_type(response, request, hop)
                hop.is_reading = True
                body = await self._bodies.read(response, request, visit, deadline)
            hop.note_cookies(response)
            seconds = self._clock.monotonic() - begun
            return _to_reply(hop, response, body, (latency_s, seconds))
        finally:
            self._let_go(response)

    def _let_go(self, response: aiohttp.ClientResponse) -> None:
        if self._sessions.are_many:
            response.close()
        else:
            response.release()  # closes too where the body was not read to its end

    def _headers(self, hop: _Hop, request: Request) -> dict[str, str]:
        types = request.types
        accepted = self._accepted.get(types)
        if accepted is None:
            accepted = self._accepted[types] = ", ".join(sorted(types)) or "*/*"
        headers = {"Accept": accepted}
        if request.posted is not None:
            headers["Content-Type"] = "application/json"
        if hop.cookies:
            headers["Cookie"] = _cookie_header(hop.cookies)
        validators = request.validators
        if validators is not None and validators.url == str(hop.url):
            if validators.etag:
                headers["If-None-Match"] = validators.etag
            if validators.last_modified:
                headers["If-Modified-Since"] = validators.last_modified
        return headers


@dataclass(slots=True)
class _Hop:
    """Where a fetch has come: the address, its time left, the host's cookies."""

    url: URL
    left_s: float
    cookies: dict[str, str] = field(default_factory=dict)
    is_reading: bool = False

    def note_cookies(self, response: aiohttp.ClientResponse) -> None:
        if response.status in _REDIRECTS and "Set-Cookie" in response.headers:
            for name, cookie in response.cookies.items():
                self.cookies[name] = cookie.coded_value

    def turn_to(self, url: URL) -> None:
        """Go on elsewhere; a consent cookie goes along on the same host."""
        if url.host != self.url.host or url.scheme != self.url.scheme:
            self.cookies.clear()
        self.url = url


def _cookie_header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _next_address(url: URL, reply: Reply, port: int | None) -> URL:
    """Return where a redirect leads."""
    try:
        target = check_address(url.join(URL(reply.location)), port=port)
    except ValueError as error:
        raise _not_followed("to something that is no address", url) from error
    except Refused as error:
        because("bad-redirect", error)
        raise
    if url.scheme == "https" and target.scheme == "http":
        downgrade = Refused(
            "it redirects from https to http, which anybody could read or change",
            where=str(url),
            hint="put the http address into the recipe if you accept that",
        )
        raise because("bad-redirect", downgrade)
    return target


def _not_followed(where_to: str, url: URL) -> Refused:
    refused = Refused(
        f"it redirects {where_to}",
        where=str(url),
        hint="open it in a browser and put the final address into the recipe",
    )
    return because("bad-redirect", refused)


def _endless(message: str, where: str) -> UnusableContent:
    endless = UnusableContent(
        message,
        where=where,
        hint="open it in a browser and put the final address into the recipe",
    )
    return because("redirect-loop", endless)


def _unending(hop: _Hop) -> UnusableContent:
    """Return the error for a body that keeps coming: it would do so again."""
    unending = UnusableContent(
        f"its body did not end within {hop.left_s:.0f} s",
        where=str(hop.url),
        hint="raise fetch.timeout_s in the recipe if the page is worth it",
    )
    return because("too-large", unending)


def _check_type(response: aiohttp.ClientResponse, request: Request, hop: _Hop) -> None:
    encoding = response.headers.get("Content-Encoding", "").lower()
    if encoding not in _ENCODINGS:
        message = f"it is compressed as {encoding!r}, which we did not ask for"
        hint = "the server ignores Accept-Encoding; name another address"
        raise _not_text(message, hint, hop)
    kind = _media_type(response)
    if request.types and kind and kind not in request.types:
        hint = "name the page instead; other formats come with other source kinds"
        raise _not_text(f"it is {kind}, not text", hint, hop)


def _not_text(message: str, hint: str, hop: _Hop) -> SubakError:
    return because("not-text", UnusableContent(message, where=str(hop.url), hint=hint))


def _media_type(response: aiohttp.ClientResponse) -> str:
    header = response.headers.get("Content-Type", "")
    return header.partition(";")[0].strip().lower()


def _to_reply(
    hop: _Hop,
    response: aiohttp.ClientResponse,
    body: bytes,
    times: tuple[float, float],
) -> Reply:
    headers = response.headers
    latency_s, seconds = times
    return Reply(
        url=str(hop.url),
        status=response.status,
        body=body,
        content_type=_media_type(response),
        charset=_charset(headers.get("Content-Type", "")),
        etag=headers.get("ETag", ""),
        last_modified=headers.get("Last-Modified", ""),
        retry_after=headers.get("Retry-After", ""),
        location=headers.get("Location", ""),
        seconds=seconds,
        latency_s=latency_s,
    )


def _charset(content_type: str) -> str:
    """Return the charset parameter of a media type, "" without one."""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip("\"' \t").lower()
    return ""
