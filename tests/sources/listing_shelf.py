"""What the tests of listings share: what a run remembers of the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from subak.engine.clock import Clock, SystemClock


@dataclass
class Shelf:
    """A listing memory without a disk, and the pages that are known."""

    clock: Clock = field(default_factory=SystemClock)
    kept: dict[str, tuple[float, bytes]] = field(default_factory=dict)
    pages: Sequence[str] = ()

    def find(self, key: str) -> tuple[float, bytes] | None:
        """Return what was kept under the key, and when."""
        return self.kept.get(key)

    def keep(self, key: str, value: bytes) -> None:
        """Keep it."""
        self.kept[key] = (self.clock.now(), value)

    def of(self, source: str) -> Sequence[str]:
        """Return the known pages of whatever source."""
        return self.pages
