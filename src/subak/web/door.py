"""Door: what every request to the dashboard has to pass, and every answer bears.

Knows ASGI and nothing of what lies behind.

A page in the user's browser can send requests to this server, with a Host of its own
(DNS rebinding) or with the cookie (forms of other sites); another user of the machine
can send any. So: only our own names as Host, a cookie that only who saw the printed
address has, and writing only from pages that we served.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from subak.web.secret import Secret

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_CACHEABLE = "/static/"
_SAFE = frozenset({"GET", "HEAD"})
_YEAR_S = 365 * 24 * 3600


class Door:
    """Let through who may pass; answer the others itself.

    Args:
        app: What lies behind.
        port: Where the server listens; the cookie is named after it, for cookies are
            shared by all ports of a host.
        ticket: Serves as the token once: command lines of browsers are public.
    """

    def __init__(self, app: App, secret: Secret, port: int, ticket: str = "") -> None:
        self._app = app
        self._secret = secret
        self._ticket = ticket
        self._cookie = f"subak-{port}"
        self._hosts = frozenset(
            f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        asked = _Asked(scope)
        send = _with_headers(send, is_cacheable=asked.path.startswith(_CACHEABLE))
        if asked.header("host").lower() not in self._hosts:
            names = " or ".join(sorted(self._hosts))
            await _refuse(send, 421, f"This server answers to {names} only.")
        elif (token := asked.query.get("token")) is not None:
            await self._let_in(asked, token, send)
        elif not self._is_known(asked):
            await _refuse(
                send, 401, "Open the address that `subak serve` printed: it has a token"
            )
        elif asked.method not in _SAFE and not self._is_ours(asked):
            await _refuse(send, 403, "This request did not come from the dashboard.")
        else:
            await self._app(scope, receive, send)

    async def _let_in(self, asked: _Asked, token: str, send: Send) -> None:
        """Give who brings the token the cookie, and an address without the token."""
        is_good = self._secret.is_token(token) or self._is_ticket(token)
        if asked.method not in _SAFE or not is_good:
            await _refuse(send, 401, "That token is not this server's.")
            return
        rest = {name: value for name, value in asked.query.items() if name != "token"}
        # One slash: "//host" would lead to another server.
        place = "/" + asked.path.lstrip("/")
        place += f"?{urlencode(rest)}" if rest else ""
        cookie = (
            f"{self._cookie}={self._secret.session}; Path=/; HttpOnly;"
            f" SameSite=Strict; Max-Age={_YEAR_S}"
        )
        headers = [(b"location", place.encode("ascii", "ignore"))]
        headers.append((b"set-cookie", cookie.encode()))
        await _answer(send, 303, "", headers)

    def _is_ticket(self, text: str) -> bool:
        """Tell whether that is the ticket, and take it."""
        if not self._ticket or not hmac.compare_digest(
            text.encode("utf-8", "replace"), self._ticket.encode()
        ):
            return False
        self._ticket = ""
        return True

    def _is_known(self, asked: _Asked) -> bool:
        scheme, _, token = asked.header("authorization").partition(" ")
        if scheme.lower() == "bearer":
            return self._secret.is_token(token.strip())
        return self._secret.is_session(asked.cookie(self._cookie))

    def _is_ours(self, asked: _Asked) -> bool:
        """Tell whether a page of this server sent it.

        Pages without a referrer send "null" as the origin of their forms, so that the
        other header counts then. One that sends neither is no browser of today.
        """
        origin, site = asked.header("origin"), asked.header("sec-fetch-site")
        if origin not in ("", "null"):
            scheme, _, host = origin.partition("://")
            is_same = scheme == "http" and host.lower() == asked.header("host").lower()
            return is_same and site in ("", "same-origin")
        return site == "same-origin"


class _Asked:
    """What a scope says, decoded."""

    def __init__(self, scope: Scope) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        self._headers: Iterable[tuple[bytes, bytes]] = scope["headers"]

    def header(self, name: str) -> str:
        """Return a header, "" where there is none; of several none counts."""
        wanted = name.encode()
        found = [value for key, value in self._headers if key.lower() == wanted]
        return found[0].decode("latin-1") if len(found) == 1 else ""

    def cookie(self, name: str) -> str:
        """Return a cookie, "" where there is none."""
        try:
            found = SimpleCookie(self.header("cookie")).get(name)
        except CookieError:
            return ""
        return found.value if found else ""


def _with_headers(send: Send, *, is_cacheable: bool) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), *_HEADERS]
            if not is_cacheable:
                headers.append((b"cache-control", b"no-store"))
            message = {**message, "headers": headers}
        await send(message)

    return sending


async def _refuse(send: Send, status: int, words: str) -> None:
    await _answer(send, status, f"{words}\n", [])


async def _answer(
    send: Send, status: int, text: str, headers: list[tuple[bytes, bytes]]
) -> None:
    body = text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
