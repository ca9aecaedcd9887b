"""A program that fetches pages with the real stage until a crash point kills it.

Arguments: workspace folder, address of a site, number of pages, deadly event (0: none).
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from subak.engine.blobs import Blobs
from subak.engine.clock import SystemClock
from subak.engine.graph import Graph
from subak.engine.journal import Journal
from subak.engine.options import RunOptions
from subak.engine.runner import Runner
from subak.engine.stage import Item
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.archive import Archive
from subak.sources.client import FetchClient
from subak.sources.polite import Polite
from subak.sources.source import Target
from subak.sources.ways import Ways
from subak.stages.fetch import fetch
from subak.testing.crash import CrashAt

IN_FLIGHT = 4


async def live(folder: str, site: str, pages: int, deadly: int) -> None:
    """Go on with the folder's run until it ends or the crash point is reached."""
    workspace, clock = Workspace(Path(folder)), SystemClock()
    store, blobs = Store.open(workspace.journal), Blobs(workspace.blobs)
    journal = Journal(store, clock)
    run = await journal.begin_run("fetching", "digest", "{}")
    if deadly:
        journal.subscribe(CrashAt(deadly))
    archive = Archive(store, blobs, clock)
    await archive.open()
    client = FetchClient("subak/test", clock)
    ways = Ways({"web": Polite(client, clock)})
    targets = [
        Target(f"{site}/{number}", allow_hosts=("127.0.0.0/8",))
        for number in range(pages)
    ]
    items = [Item(target.url, target) for target in targets]
    graph = Graph()
    source = graph.source("targets", items, JsonCodec(Target))
    graph.then(fetch(ways, archive, blobs, journal), source)
    options = RunOptions(run=run.id, clock=clock, max_in_flight=IN_FLIGHT)
    await Runner(graph, journal, options).run()
    await journal.end_run(run.id, "done", "")
    await client.close()
    await blobs.close()
    await store.close()


if __name__ == "__main__":
    asyncio.run(live(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
