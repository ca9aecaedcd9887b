"""Whole: fetching with extraction, against trafilatura alone on the same pages."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.crawl_run import run_crawl, typed
from bench.crawled import Crawled
from bench.farm.mix import SITES
from bench.farm.recipe import write_recipe
from bench.farm_process import FarmProcess
from bench.peer_runs import ROOT
from bench.process import run as run_process
from bench.row import CannotMeasureError, Check, Conditions, Measured

_TIMEOUT_S = 900.0
_STAGE = "extract"


def measure(conditions: Conditions) -> Measured:
    """Fetch and read the first day, then read the same pages with trafilatura."""
    with FarmProcess(conditions.pick(SITES, 60)) as farm:
        wanted = farm.truth().markers(1)
        folder = write_recipe(conditions.folder / "farm", farm.sites)
        run = run_crawl(folder, only=_STAGE, timeout_s=_TIMEOUT_S)
    crawled = Crawled(folder)
    first_s = _first_document_s(crawled)
    alone_s, pages = _alone(conditions.folder, folder, set(wanted.values()))
    ratio = run.cost.cpu_s / alone_s
    conditions.say(
        f"{run.cost.cpu_s:.1f} CPU-s, trafilatura alone {alone_s:.1f} for {pages} "
        f"pages; first document after {first_s:.2f} s"
    )
    return Measured(
        (
            Check(
                "with extraction: CPU against trafilatura alone",
                "<= 1.25 x",
                f"{ratio:.2f} x ({run.cost.cpu_s:.1f} to {alone_s:.1f} s)",
                ratio <= 1.25,
            ),
            Check(
                "with extraction: first document handed on",
                "<= 2 s",
                f"{first_s:.2f} s",
                first_s <= 2.0,
            ),
        ),
        {
            "cost": asdict(run.cost),
            "alone_cpu_s": alone_s,
            "pages": pages,
            "first_s": first_s,
            "fetch": run.summary.get("fetch"),
        },
        notes=(
            "The run ends with extraction, which is what trafilatura is measured at. "
            "All its processes count, listing, fetching and storing included; "
            "trafilatura runs in a process for each core with its default settings, "
            "which read the pages from the archive and count from their start.",
            "The first document: from the start of the run to the end of the first "
            "task of extraction, which hands it on; both from the journal.",
        ),
        commands=(typed(_STAGE),),
    )


def _first_document_s(crawled: Crawled) -> float:
    """Return when the first document was there for the next stage."""
    started = crawled.events("run.started")
    done = [
        stored.event.ts
        for stored in crawled.events("task.done")
        if stored.event.stage == _STAGE
    ]
    if not started or not done:
        raise CannotMeasureError("the journal tells of no document")
    return min(done) - started[0].event.ts


def _alone(folder: Path, workspace: Path, urls: set[str]) -> tuple[float, int]:
    listed = folder / "extract-urls.txt"
    listed.write_text("\n".join(sorted(urls)), "utf-8")
    command = [sys.executable, "-m", "bench.extract_alone", str(workspace), str(listed)]
    ran = run_process(command, timeout_s=_TIMEOUT_S, folder=ROOT)
    if ran.code:
        raise CannotMeasureError(f"trafilatura ended with {ran.code}: {ran.errors}")
    return ran.cpu_s, int(json.loads(ran.output)["pages"])
