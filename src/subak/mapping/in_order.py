"""InOrder: results as they come in, given on in the order of their rows."""

from __future__ import annotations

from collections.abc import Callable

MOST_WAITING = 20_000
MOST_WAITING_BYTES = 64 << 20


class InOrder:
    """Hold results back until all before them are there.

    Guarantees: every result is given on exactly once, in the order of the places
    that ``take_place`` handed out.

    Args:
        write: Where results go, in order.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._waiting: dict[int, bytes] = {}
        self._waiting_bytes = 0
        self._next = 0
        self._places = 0

    @property
    def is_full(self) -> bool:
        """Tell whether enough waits for a straggler that reading should pause."""
        return (
            len(self._waiting) >= MOST_WAITING
            or self._waiting_bytes >= MOST_WAITING_BYTES
        )

    @property
    def is_complete(self) -> bool:
        """Tell whether every place's result has been given on."""
        return self._next == self._places

    def take_place(self) -> int:
        """Return the place of the next row."""
        place = self._places
        self._places += 1
        return place

    def put(self, place: int, result: bytes) -> None:
        """Take the result of a place, and give on what is in order now."""
        if place != self._next:
            self._waiting[place] = result
            self._waiting_bytes += len(result)
            return
        ready = [result]
        self._next += 1
        while self._waiting:
            following = self._waiting.pop(self._next, None)
            if following is None:
                break
            self._waiting_bytes -= len(following)
            ready.append(following)
            self._next += 1
        self._write(b"".join(ready))
