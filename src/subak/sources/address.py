"""Addresses of pages: which a fetch accepts, and their canonical spelling."""

from __future__ import annotations

import re

from yarl import URL

from subak.errors import Refused
from subak.sources.reason import because

OWN_PORT = -1  # whatever port the address names itself
_PORTS = frozenset({80, 443})
# Parameters that tell a site where a visitor came from and change nothing else.
_TRACKER = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_hs(?:enc|mi))",
    re.IGNORECASE,
)
_LONGEST = 2_048  # what servers and browsers commonly take


def check_address(address: str | URL, *, port: int | None = None) -> URL:
    """Return a URL that may be asked for, without its fragment.

    Args:
        port: The source's own port, allowed besides 80 and 443; ``OWN_PORT`` where
            the address is the source's.

    Raises:
        Refused: Another scheme or port, a user name, no host, or no URL at all.
    """
    where = str(address)[:_LONGEST]
    try:
        url = URL(address).with_fragment(None)
        found_port, host = url.port, url.host
    except ValueError as error:
        raise _refused(f"not a URL ({error})", where) from error
    if url.scheme not in ("http", "https"):
        raise _refused(f"{url.scheme or 'no scheme'}: only http and https", where)
    if not host or len(where) >= _LONGEST:
        raise _refused("no host, or longer than 2,048 characters", where)
    if url.user is not None or url.password is not None:
        raise _refused("a user name or password in a URL is not accepted", where)
    if found_port not in _PORTS and port not in (found_port, OWN_PORT):
        raise _refused(f"port {found_port} is not the source's own, 80 or 443", where)
    return url


def find_port(address: str) -> int | None:
    """Return the port an address names, None when it names none or is no URL."""
    try:
        return URL(address).explicit_port
    except ValueError:
        return None


def find_address(link: str, base: URL) -> str | None:
    """Return the canonical URL a link leads to, None when it leads to no page.

    The same page has one spelling: no fragment, default port, ``..`` or trackers.
    """
    try:
        url = base.join(URL(link.strip())).with_fragment(None)
        url = check_address(url, port=base.port)
    except (ValueError, Refused):
        return None
    trackers = [name for name in url.query if _TRACKER.fullmatch(name)]
    url = url.without_query_params(*trackers) if trackers else url
    return str(url.with_path("/", keep_query=True) if url.path == "/" else url)


def is_same_site(url: URL, other: URL) -> bool:
    """Tell whether two URLs have one host, with or without ``www.``."""
    return _site(url) == _site(other)


def _site(url: URL) -> str:
    return (url.host or "").lower().removeprefix("www.").rstrip(".")


def _refused(message: str, where: str) -> Refused:
    refused = Refused(
        f"the address is refused: {message}",
        where=where,
        hint="correct the address in the recipe",
    )
    return because("bad-address", refused)
