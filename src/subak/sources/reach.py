"""Reach: what a source that must look at the network is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from subak.engine.clock import Clock, SystemClock
from subak.engine.offload import Executor
from subak.sources.polite import Polite
from subak.sources.ways import Ways


@dataclass(frozen=True, slots=True)
class Remembered:
    """A listing file as it was read last.

    Args:
        final_url: Where redirects led; the validators belong to it.
        digest: Hash of the bytes.
        parsed: What the reader made of them.
    """

    final_url: str
    etag: str
    last_modified: str
    digest: str
    parsed: bytes


class ListingMemory(Protocol):
    """What listings keep from run to run: losing it costs requests, nothing else."""

    def find(self, key: str) -> tuple[float, bytes] | None:
        """Return when something was kept under this key, and what; None if nothing."""
        ...

    def keep(self, key: str, value: bytes) -> None:
        """Keep it instead of what was there; on the disk soon."""
        ...


class KnownPages(Protocol):
    """The pages a source had in earlier runs."""

    def of(self, source: str) -> Sequence[str]:
        """Return the addresses not known to be gone; ``source`` is a Target's."""
        ...


@dataclass(frozen=True, slots=True)
class Reach:
    """The run's way to the web, its workers for parsing, and what it remembers.

    Args:
        ways: How pages are fetched; None where only the web is there.
    """

    polite: Polite
    executor: Executor
    clock: Clock = field(default_factory=SystemClock)
    memory: ListingMemory | None = None
    known: KnownPages | None = None
    ways: Ways | None = None
    folder: Path = Path()
