"""What a large run costs the one who looks: bytes, time, and the run itself."""

from __future__ import annotations

import asyncio
import time

import pytest

from subak.engine.store import open_reader
from subak.views.live_run import LiveRun
from subak.views.runs import get_run
from tests.views.sample import SampleJournal, write_synthetic_run
from tests.web.asking import open_dashboard

_MOST_BYTES = 300_000


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> SampleJournal:
    """Return a run of 5,000 tasks and 20,000 calls."""
    folder = tmp_path_factory.mktemp("large")
    journal = write_synthetic_run(folder, items=1300, calls_per_item=16)
    db = open_reader(folder / ".subak" / "journal.db")
    tasks = db.execute("SELECT count(*) FROM task WHERE run = ?", (journal.run,)).get
    calls = db.execute("SELECT count(*) FROM call").get
    db.close()
    assert tasks >= 3_800
    assert calls >= 20_000
    return journal


def test_first_paint_of_a_large_run_is_small(large: SampleJournal) -> None:
    """The page is at most 300 kB; what comes later is only what changed."""

    async def scenario() -> None:
        async with open_dashboard(large.folder, ()) as visitor:
            answer = await visitor.get(f"/w/{large.folder.name}/")
            assert answer.status == 200
            assert len(answer.body) <= _MOST_BYTES

    asyncio.run(scenario())


def test_later_looks_at_a_large_run_cost_a_fraction(large: SampleJournal) -> None:
    """Only what is new since the look before is read."""
    first, later = [], []
    for _ in range(5):
        db = open_reader(large.folder / ".subak" / "journal.db")
        live = LiveRun(get_run(db))
        began = time.process_time()
        live.look(db)
        middle = time.process_time()
        live.look(db)
        first.append(middle - began)
        later.append(time.process_time() - middle)
        db.close()
    assert min(later) < min(first) / 5
