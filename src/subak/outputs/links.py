"""web_link: the only addresses that results may link to."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit, urlunsplit

_FORBIDDEN = re.compile(
    r"[\x00-\x20\x7f-\x9f\\\u200b-\u200f\u2028-\u202e\u2060-\u2069]"
)
_SAFE = "%/:?#[]@!$&'()*+,;=~-._"


def web_link(url: str) -> str:
    """Return ``url`` fit for a link, "" when it is not a plain http(s) address.

    Names and passwords in an address are left out.
    """
    if _FORBIDDEN.search(url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host:
        return ""
    netloc = parts.netloc.rpartition("@")[2]
    clean = urlunsplit(parts._replace(netloc=netloc))
    return quote(clean, safe=_SAFE, errors="replace")


def web_host(url: str) -> str:
    """Return the host of a web address for display, "" when there is none."""
    link = web_link(url)
    return (urlsplit(link).hostname or "").removeprefix("www.") if link else ""
