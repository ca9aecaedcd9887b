"""Replay: 100,000 pages of 4,000 sites without latency: memory and sizes."""

from __future__ import annotations

from dataclasses import asdict

from bench.crawl_run import run_crawl, typed
from bench.crawled import Crawled
from bench.farm.recipe import write_recipe
from bench.farm_process import FarmProcess
from bench.row import Check, Conditions, Measured
from bench.rows.many import quarters

_SITES, _PAGES = 4_000, 25
_QUICK_SITES = 400
_TIMEOUT_S = 3_000.0
_FLAT = 1.15
_PEAK_MB = 250.0


def measure(conditions: Conditions) -> Measured:
    """Fetch them all and weigh what lies on the disk."""
    sites = conditions.pick(_SITES, _QUICK_SITES)
    with FarmProcess(sites, replay=_PAGES) as farm:
        folder = write_recipe(conditions.folder / "farm", farm.sites, limit=_PAGES)
        run = run_crawl(folder, timeout_s=_TIMEOUT_S)
        told = farm.told()
    crawled = Crawled(folder)
    journal = crawled.size_of("journal.db*")
    bodies = crawled.size_of("blobs/**/*")
    pages = int(run.number("fetch", "pages"))
    quarter, half, end = quarters(run.cost.memory_mb) or (0.0, 0.0, 0.0)
    conditions.say(
        f"{pages} pages in {run.cost.wall_s:.0f} s, {run.cost.cpu_s:.0f} CPU-s; "
        f"{quarter:.0f}, {half:.0f}, {end:.0f} MB; "
        f"journal {journal / 1e6:.0f} MB, bodies {bodies / 1e6:.0f} MB"
    )
    wanted = sites * _PAGES
    return Measured(
        (
            Check(
                f"{wanted:,} pages: fetched",
                "all",
                f"{pages:,}",
                pages >= wanted,
            ),
            Check(
                f"{wanted:,} pages: memory at the end / half-way",
                f"<= {_FLAT}",
                f"{end / half if half else 0.0:.2f} ({half:.0f} -> {end:.0f} MB)",
                bool(half) and end <= _FLAT * half,
            ),
            Check(
                f"{wanted:,} pages: peak memory",
                f"<= {_PEAK_MB:.0f} MB",
                f"{run.cost.peak_mb:.0f} MB",
                run.cost.peak_mb <= _PEAK_MB,
            ),
        ),
        {
            "cost": asdict(run.cost),
            "pages": pages,
            "requests": told.requests,
            "sent": told.sent,
            "journal_bytes": journal,
            "body_bytes": bodies,
        },
        notes=(
            f"Journal and archive: {journal / 1e6:.0f} MB, bodies: "
            f"{bodies / 1e6:.0f} MB, for {told.sent / 1e6:.0f} MB that were sent.",
            f"{1_000 * run.cost.cpu_s / max(pages, 1):.2f} CPU-ms a page; memory at a "
            f"quarter, half and the end: {quarter:.0f}, {half:.0f}, {end:.0f} MB.",
        ),
        commands=(typed(),),
    )
