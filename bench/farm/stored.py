"""Stored: a page as it lies on a server of the farm."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Protocol

from bench.farm.site import Site

HTML = "text/html"
XML = "application/xml"
_PACKED = ("text/", XML)
_FIRST_DAY = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """A page as it lies on the server.

    Args:
        content_type: The header.
        body: Bytes.
        packed: The body compressed, empty for a site that never does.
        tag: Changes when the body does.
        changed: HTTP date of the last change.
        is_trap: Whether it never ends well (endless, huge, bomb).
    """

    content_type: str
    body: bytes
    packed: bytes
    tag: str
    changed: str
    is_trap: bool = False

    @property
    def is_html(self) -> bool:
        """Tell whether tokens may be put into it."""
        return self.content_type.startswith(HTML)


class Contents(Protocol):
    """What the farm's sites hold."""

    def find(self, site: Site, path: str, day: int) -> Stored | None:
        """Return a page, None where a site has none of that path."""
        ...

    def was_there(self, site: Site, path: str) -> bool:
        """Tell whether day 1 had an article there."""
        ...


def changed_on(day: int) -> str:
    """Return the HTTP date of a day's changes."""
    return format_datetime(_FIRST_DAY + timedelta(days=day - 1), usegmt=True)


def store(
    site: Site, kind: str, body: bytes, day: int, *, is_trap: bool = False
) -> Stored:
    is_packed = site.is_gzipped and not site.is_noisy and kind.startswith(_PACKED)
    return Stored(
        content_type=kind,
        body=body,
        packed=gzip.compress(body, 6, mtime=0) if is_packed else b"",
        tag=hashlib.blake2b(body, digest_size=6).hexdigest(),
        changed=changed_on(day),
        is_trap=is_trap,
    )
