"""What went wrong on the wire, as one of our errors with a way out."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import aiohttp

from subak.errors import (
    ConnectionLost,
    Overloaded,
    Refused,
    SubakError,
    TimedOut,
    UnusableContent,
)
from subak.sources.guard import FORBIDDEN_ERRNO
from subak.sources.request import Reply

_LAST_RUN = "the next run tries again; a copy fetched before is kept"
_FORBIDDEN = (401, 402, 403, 407, 451)
_GONE = (404, 410)


def transport_failure(error: Exception, where: str) -> SubakError:
    """Return our error for one of aiohttp's, the system's or asyncio's."""
    if isinstance(error, OSError) and _errno(error) == FORBIDDEN_ERRNO:
        return _forbidden_address(error, where)
    if isinstance(error, TimeoutError):
        return TimedOut(_what_was_late(error), where=where, hint=_LAST_RUN)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return ConnectionLost(
            "the host was not found",
            where=where,
            hint="check the address in the recipe and this machine's network",
        )
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return Refused(
            "the server's certificate is not valid",
            where=where,
            hint="open it in a browser; an expired certificate is the site's to renew",
        )
    if isinstance(error, aiohttp.ClientSSLError):
        return ConnectionLost(
            "no TLS connection was agreed", where=where, hint=_LAST_RUN
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        return ConnectionLost("the connection was refused", where=where, hint=_LAST_RUN)
    if isinstance(error, aiohttp.InvalidURL):
        return Refused(
            "not an address that can be asked for",
            where=where,
            hint="correct the address in the recipe",
        )
    if isinstance(error, aiohttp.ClientResponseError):
        return UnusableContent(
            "the answer is not HTTP", where=where, hint="open it in a browser"
        )
    return ConnectionLost("the connection was cut", where=where, hint=_LAST_RUN)


def check_status(reply: Reply, now: float) -> None:
    """Return for 200 and 304, else raise what the status means.

    Args:
        now: Seconds since the epoch, to read a date in Retry-After.
    """
    status, where = reply.status, reply.url
    if status in (200, 304):
        return
    if status in (425, 429, 503):
        raise Overloaded(
            f"HTTP {status}: the server asks to come later",
            where=where,
            hint=_LAST_RUN,
            retry_after_s=read_retry_after(reply.retry_after, now),
        )
    if status == 408:
        raise TimedOut("HTTP 408: the server gave up", where=where, hint=_LAST_RUN)
    if status >= 500:
        raise ConnectionLost(
            f"HTTP {status}: the server failed", where=where, hint=_LAST_RUN
        )
    if status in _GONE:
        raise UnusableContent(
            f"HTTP {status}: the page is gone",
            where=where,
            hint="correct or remove the address in the recipe",
        )
    if status in _FORBIDDEN:
        raise Refused(
            f"HTTP {status}: the server does not serve us",
            where=where,
            hint="set fetch.contact in the recipe, or ask the site; we don't disguise",
        )
    raise UnusableContent(
        f"HTTP {status} is not an answer with a page",
        where=where,
        hint="open it in a browser and put the address that works into the recipe",
    )


def read_retry_after(value: str, now: float) -> float | None:
    """Return the seconds of a Retry-After header, None when it says nothing."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, TypeError, OverflowError):
        return None


def _errno(error: OSError) -> int | None:
    inner = getattr(error, "os_error", error)
    return inner.errno if isinstance(inner, OSError) else None


def _what_was_late(error: TimeoutError) -> str:
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return "no connection in time"
    if isinstance(error, aiohttp.SocketTimeoutError):
        return "connected, but the answer did not come or stopped"
    return "the answer took too long in all"


def _forbidden_address(error: OSError, where: str) -> Refused:
    return Refused(
        "the address leads into a private network",
        where=where,
        hint=f"if it is yours: allow_hosts = [...] at the source ({error.strerror})",
    )
