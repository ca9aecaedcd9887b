"""Held: pages a listing has just read, for the fetch that follows."""

from __future__ import annotations

from subak.sources.request import Reply

MAX_BYTES = 16_000_000


class Held:
    """Keep replies for a moment.

    An index page that is a document too would else be asked for twice in each run.

    Guarantees: a reply is handed out once; at most ``MAX_BYTES`` are held, the oldest
    go first.
    """

    def __init__(self) -> None:
        self._replies: dict[str, Reply] = {}
        self._size = 0

    def hold(self, url: str, reply: Reply) -> None:
        """Keep what a URL has just answered."""
        self.take(url)
        self._replies[url] = reply
        self._size += len(reply.body)
        while self._size > MAX_BYTES:
            self.take(next(iter(self._replies)))

    def take(self, url: str) -> Reply | None:
        """Return what is held of a URL and forget it, None when nothing is."""
        reply = self._replies.pop(url, None)
        self._size -= len(reply.body) if reply is not None else 0
        return reply
