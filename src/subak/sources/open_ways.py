"""open_ways: every way there is to fetch a target, opened and closed together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from subak.engine.clock import Clock
from subak.sources.articles import Articles
from subak.sources.browser import Browser
from subak.sources.client import FetchClient
from subak.sources.content_extractor import ContentExtractor
from subak.sources.disk import Disk
from subak.sources.fetch_limits import FetchLimits
from subak.sources.polite import Polite
from subak.sources.ways import Ways

# An extractor first fetches the page itself, and answers only then.
_EXTRACTOR_SILENCE_S = 60.0
_EXTRACTOR_TOTAL_S = 120.0


@asynccontextmanager
async def open_ways(
    polite: Polite,
    folder: Path,
    user_agent: str,
    clock: Clock,
    limits: FetchLimits | None = None,
) -> AsyncIterator[Ways]:
    """Yield the ways; nothing is sent or started before one is used.

    Args:
        folder: The workspace, below which relative file names are.
        limits: Those of ``polite``'s own client.
    """
    limits = limits or FetchLimits()
    patient = replace(
        limits,
        silence_s=max(limits.silence_s, _EXTRACTOR_SILENCE_S),
        total_s=max(limits.total_s, _EXTRACTOR_TOTAL_S),
    )
    client = FetchClient(user_agent, clock, patient)
    extracted = Polite(client, clock, budgets=polite.budgets)
    browser = Browser(polite, user_agent, clock, limits.max_bytes)
    try:
        yield Ways(
            {
                "web": polite,
                "wiki": Articles(polite),
                "browser": browser,
                "file": Disk(folder, limits.max_bytes),
                "extractor": ContentExtractor(extracted),
            }
        )
    finally:
        await browser.close()
        await client.close()
