"""Faults: which attempt at which item goes wrong, and how."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from bench.server.draw import draw
from bench.server.settings import Settings

Fault = Literal["none", "refused", "failed", "hung", "reset", "broken"]
_KINDS: tuple[Fault, ...] = ("refused", "failed", "hung", "reset", "broken")


class Faults:
    """Draws by item and attempt: the order in which a client asks changes nothing."""

    def __init__(self, settings: Settings) -> None:
        self._seed = settings.seed
        self._shares = (
            settings.refused,
            settings.failed,
            settings.hung,
            settings.reset,
            settings.broken,
        )
        self._attempts: Counter[str] = Counter()

    def next(self, item: str) -> Fault:
        """Return what becomes of the next attempt at an item."""
        self._attempts[item] += 1
        if not any(self._shares):
            return "none"
        left = draw(self._seed, item, self._attempts[item])
        for kind, share in zip(_KINDS, self._shares, strict=True):
            if left < share:
                return kind
            left -= share
        return "none"
