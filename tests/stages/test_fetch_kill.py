"""Kill -9 while pages are fetched: what was got is not asked for again."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from pathlib import Path

from subak.engine.blobs import Blobs
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.testing.site import FakePage, FakeSite
from tests.stages.fetch_life import IN_FLIGHT

PAGES = 24
DEADLY = (12, 20)
_PROGRAM = "tests.stages.fetch_life"
_ROOT = Path(__file__).parents[2]


async def _live(folder: Path, site: FakeSite, deadly: int = 0) -> int:
    order = (str(folder), site.url(""), str(PAGES), str(deadly))
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", _PROGRAM, *order, cwd=_ROOT
    )
    return await asyncio.wait_for(program.wait(), 30)


def _known(workspace: Workspace) -> set[str]:
    """Return the paths whose snapshot is on the disk."""
    reader = open_reader(workspace.journal)
    urls = [url for (url,) in reader.execute("SELECT url FROM snapshot")]
    reader.close()
    return {"/" + str(url).rpartition("/")[2] for url in urls}


def test_fetch_killed_and_restarted_asks_for_no_page_it_has(tmp_path: Path) -> None:
    """Twice killed: a page on the disk is never asked for again.

    What was under way may be, once a life; in the end every body is there.
    """

    async def scenario() -> Counter[str]:
        pages = {f"/{n}": FakePage(f"<p>page {n}</p>", etag="") for n in range(PAGES)}
        async with FakeSite(dict(pages)) as site:
            for deadly in DEADLY:
                before = len(site.requests)
                known = _known(workspace) if before else set()
                assert await _live(tmp_path, site, deadly) == -signal.SIGKILL
                asked = {request.path for request in site.requests[before:]}
                assert not asked & known
            before, known = len(site.requests), _known(workspace)
            assert 0 < len(known) < PAGES
            assert await _live(tmp_path, site) == 0
            assert not {each.path for each in site.requests[before:]} & known
            return Counter(request.path for request in site.requests)

    workspace = Workspace(tmp_path)
    asked = asyncio.run(scenario())
    wanted = {path: count for path, count in asked.items() if path != "/robots.txt"}
    assert len(wanted) == PAGES
    assert sum(wanted.values()) <= PAGES + IN_FLIGHT * len(DEADLY)
    blobs = Blobs(workspace.blobs)
    reader = open_reader(workspace.journal)
    rows = reader.execute("SELECT url, body FROM snapshot").fetchall()
    bodies = {str(url).rpartition("/")[2]: blobs.get(str(body)) for url, body in rows}
    asyncio.run(blobs.close())
    reader.close()
    assert bodies == {str(n): f"<p>page {n}</p>".encode() for n in range(PAGES)}
