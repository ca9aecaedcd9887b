"""What went wrong on the wire, as one of our errors with a way out and a reason."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import aiohttp
from aiohttp.http_exceptions import ContentEncodingError

from subak.errors import (
    ConnectionLost,
    Gone,
    NotConnected,
    NotServed,
    Overloaded,
    Refused,
    ServerFailed,
    SubakError,
    TimedOut,
    UnusableContent,
)
from subak.sources.guard import FORBIDDEN_ERRNO
from subak.sources.reason import because
from subak.sources.request import Reply

LAST_COPY = "the next run tries again; a copy fetched before is kept"
_FORBIDDEN = (401, 402, 403, 407, 451)
_GONE = (404, 410)


def failure_reason(error: SubakError) -> str:
    """Return why a fetch failed: one of ``reason.REASONS``."""
    return error.reason or "other"


def is_forbidden_address(error: BaseException | None) -> bool:
    """Tell whether it is the guard's refusal of an address at the socket."""
    return isinstance(error, OSError) and _errno(error) == FORBIDDEN_ERRNO


def transport_failure(error: Exception, where: str) -> SubakError:
    """Return our error for one of aiohttp's, the system's or asyncio's."""
    if isinstance(error, OSError) and is_forbidden_address(error):
        return _forbidden_address(error, where)
    if isinstance(error, TimeoutError):
        return _what_was_late(error, where)
    if isinstance(error, aiohttp.ClientConnectorError):
        return _not_connected(error, where)
    if isinstance(error, aiohttp.InvalidURL):
        return because(
            "bad-address",
            Refused(
                "not an address that can be asked for",
                where=where,
                hint="correct the address in the recipe",
            ),
        )
    if isinstance(error, aiohttp.ClientResponseError):
        return _not_http(error, where)
    if isinstance(error.__cause__, ContentEncodingError):
        return because(
            "not-http",
            UnusableContent(
                "the body is not compressed as its headers say",
                where=where,
                hint="open it in a browser",
            ),
        )
    cut = ConnectionLost("the connection was cut", where=where, hint=LAST_COPY)
    return because("cut", cut)


def check_status(reply: Reply, now: float) -> None:
    """Return for 200 and 304, else raise what the status means.

    Args:
        now: Seconds since the epoch, to read a date in Retry-After.
    """
    if reply.status not in (200, 304):
        raise _status_failure(reply, now)


def read_retry_after(value: str, now: float) -> float | None:
    """Return the seconds of a Retry-After header, None when it says nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


def _status_failure(reply: Reply, now: float) -> SubakError:
    status, where = reply.status, reply.url
    if status in (425, 429, 503):
        busy = Overloaded(
            f"HTTP {status}: the server asks to come later",
            where=where,
            hint=LAST_COPY,
            retry_after_s=read_retry_after(reply.retry_after, now),
            is_rate_limit=status == 429,
        )
        return because("server-error" if status == 503 else "rate-limited", busy)
    if status == 408:
        message = "HTTP 408: the server gave up"
        return because("read-timeout", TimedOut(message, where=where, hint=LAST_COPY))
    if status >= 500:
        message = f"HTTP {status}: the server failed"
        failed = ServerFailed(message, where=where, hint=LAST_COPY)
        return because("server-error", failed)
    if status in _GONE:
        gone = Gone(
            f"HTTP {status}: the page is gone",
            where=where,
            hint="correct or remove the address in the recipe",
            status=status,
        )
        return because("gone", gone)
    if status in _FORBIDDEN:
        blocked = NotServed(
            f"HTTP {status}: the server does not serve us",
            where=where,
            hint="set fetch.contact in the recipe, or ask the site; we don't disguise",
        )
        return because("blocked", blocked)
    no_page = UnusableContent(
        f"HTTP {status} is not an answer with a page",
        where=where,
        hint="open it in a browser and put the address that works into the recipe",
    )
    return because("no-page", no_page)


def _not_connected(error: aiohttp.ClientConnectorError, where: str) -> SubakError:
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        unknown = NotConnected(
            "the host was not found",
            where=where,
            hint="check the address in the recipe and this machine's network",
        )
        return because("dns", unknown)
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        invalid = Refused(
            "the server's certificate is not valid",
            where=where,
            hint="open it in a browser; an expired certificate is the site's to renew",
        )
        return because("tls", invalid)
    if isinstance(error, aiohttp.ClientSSLError):
        message = "no TLS connection was agreed"
        return because("tls", NotConnected(message, where=where, hint=LAST_COPY))
    message = "the connection was refused"
    return because("refused", NotConnected(message, where=where, hint=LAST_COPY))


def _not_http(error: aiohttp.ClientResponseError, where: str) -> UnusableContent:
    text = error.message.lower()
    hint = "open it in a browser"
    if "content-encoding" in text:
        message = "it is compressed in a way we did not ask for"
        hint = "the server ignores Accept-Encoding; name another address"
        return because("not-text", UnusableContent(message, where=where, hint=hint))
    is_long = "got more than" in text or "too many headers" in text
    message = "its headers are too large" if is_long else "the answer is not HTTP"
    return because("not-http", UnusableContent(message, where=where, hint=hint))


def _errno(error: OSError) -> int | None:
    inner = getattr(error, "os_error", error)
    return inner.errno if isinstance(inner, OSError) else None


def _what_was_late(error: TimeoutError, where: str) -> TimedOut:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        late = TimedOut("no connection in time", where=where, hint=LAST_COPY)
        return because("connect-timeout", late)
    message = "the answer took too long in all"
    if isinstance(error, aiohttp.SocketTimeoutError):
        message = "connected, but the answer did not come or stopped"
    return because("read-timeout", TimedOut(message, where=where, hint=LAST_COPY))


def _forbidden_address(error: OSError, where: str) -> Refused:
    refused = Refused(
        "the address leads into a private network",
        where=where,
        hint=f"if it is yours: allow_hosts = [...] at the source ({error.strerror})",
    )
    return because("forbidden-target", refused)
