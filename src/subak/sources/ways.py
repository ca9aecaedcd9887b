"""Ways: how targets are fetched, each as its source says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from subak.sources.held import Held
from subak.sources.request import Reply, Request
from subak.sources.source import Target, Way


class Fetcher(Protocol):
    """One way to get a body."""

    async def fetch(self, request: Request) -> Reply:
        """Return a 200 with the body, or a 304."""
        ...


class Ways:
    """Fetch each target in its own way.

    Args:
        fetchers: By the name of the way; every ``Way`` has one.
    """

    def __init__(self, fetchers: Mapping[Way, Fetcher]) -> None:
        self._fetchers = dict(fetchers)
        self._held = Held()

    def hold(self, url: str, reply: Reply) -> None:
        """Hand this reply to the next fetch of the URL instead of asking again."""
        self._held.hold(url, reply)

    async def fetch(self, target: Target, request: Request) -> Reply:
        """Return a 200 with the body, or a 304.

        Raises:
            Retryable: Not reachable or busy now.
            Terminal: Refused, gone, too large, of a type nothing reads.
            MissingExtra: The way needs something that is not installed.
        """
        held = self._held.take(request.url)
        if held is not None:
            return held
        return await self._fetchers[target.way].fetch(request)
