"""Intake: a source on the way to its end."""

from __future__ import annotations

from subak.engine.graph import Feed
from subak.engine.memo import value_digest
from subak.engine.stage import Item


class Intake:
    """Take the items of a source one by one, as late as possible.

    ``expected`` holds what is known beforehand: the items of a list or tuple, or
    nothing for an iterable that may still hand out anything.
    """

    def __init__(self, name: str, feed: Feed) -> None:
        self.name = name
        self.expected: tuple[Item[object], ...] | None = (
            tuple(feed.items) if isinstance(feed.items, (list, tuple)) else None
        )
        self._codec = feed.codec
        known = feed.items if self.expected is None else self.expected
        self._iterator = iter(known)

    async def take(self) -> Item[object] | None:
        """Return the next item, or None at the end."""
        return next(self._iterator, None)

    def with_digest(self, item: Item[object]) -> Item[object]:
        """Return the item with the digest of its encoded value."""
        digest = value_digest(self._codec.encode(item.value))
        return Item(item.id, item.value, item.labels, digest)
