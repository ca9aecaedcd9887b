"""Request and Reply: what is asked of a server, and what came back."""

from __future__ import annotations

from dataclasses import dataclass

ANY_TYPE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Validators:
    """What makes a request conditional; sent to ``url`` only, not along a redirect."""

    url: str
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One GET, or POST to an interface, with what is acceptable in return.

    Args:
        url: Absolute http(s) URL.
        types: Media types that are read; ``ANY_TYPE`` reads all.
        allow_hosts: Private hosts and networks the source may reach.
        validators: Of the copy that is at hand.
        max_bytes: Tighter limit of the body than the client's own.
        is_cut: Take the beginning of a longer body instead of refusing it.
        is_api: It is an interface for programs: robots.txt, which speaks to crawlers
            of pages, is not asked; the host's limits hold all the same.
        posted: JSON to send with POST, None for a GET.
        site: Name of the source whose budget of pages and bytes it counts against;
            "" counts against none.
    """

    url: str
    types: frozenset[str] = ANY_TYPE
    allow_hosts: tuple[str, ...] = ()
    validators: Validators | None = None
    max_bytes: int | None = None
    is_cut: bool = False
    is_api: bool = False
    posted: bytes | None = None
    site: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's final answer, redirects followed.

    Args:
        url: Where redirects led.
        status: 200, 304 or a failure; only 200 has a body.
        content_type: Media type without parameters, "" when none was sent.
        charset: From the header, "" when none was sent.
        etag: Header of that name, as all strings below; "" when none was sent.
        seconds: From the first byte sent to the last one read, waiting excluded.
        latency_s: The part of ``seconds`` until the headers had come.
    """

    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after: str = ""
    location: str = ""
    seconds: float = 0.0
    latency_s: float = 0.0
