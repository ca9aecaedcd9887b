"""What the tests of source kinds share: a run's way to loopback servers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from subak.engine.clock import SystemClock
from subak.engine.offload import InlineExecutor
from subak.sources.client import FetchClient
from subak.sources.kinds import open_source
from subak.sources.polite import Polite
from subak.sources.reach import Reach
from subak.sources.readers import FUNCTIONS
from subak.sources.source import Target
from subak.sources.spec import SourceSpec


@asynccontextmanager
async def open_reach(folder: Path | None = None) -> AsyncIterator[Reach]:
    """Yield a reach whose workers work on the spot."""
    clock = SystemClock()
    client = FetchClient("subak/test", clock)
    try:
        yield Reach(
            Polite(client, clock), InlineExecutor(FUNCTIONS), folder=folder or Path()
        )
    finally:
        await client.close()


async def list_targets(spec: SourceSpec, reach: Reach) -> list[Target]:
    """Return what a source lists."""
    return [target async for target in open_source(spec, reach).targets()]
