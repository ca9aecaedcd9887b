"""Fetch: 518 sites of the farm through subak and through Scrapy, in one run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.crawl_run import CrawlRun, run_crawl, run_measured, typed
from bench.crawled import Crawled
from bench.failed_sites import judge_failures
from bench.farm.mix import SITES
from bench.farm.recipe import write_recipe
from bench.farm.site import Site
from bench.farm.told import Told
from bench.farm_process import FarmProcess
from bench.peer_runs import PYTHON, ROOT, pinned
from bench.row import CannotMeasureError, Check, Conditions, Measured, NotInstalledError

_TIMEOUT_S = 600.0
_QUICK_SITES = 60
# The same rules for both; 8 MB a page is subak's own.
_RULES = "timeout_s = 15"


@dataclass(frozen=True, slots=True)
class Crawl:
    """What one crawler did.

    Args:
        markers: Of good pages, found.
        missing: Markers not found, by the kind of their site.
    """

    run: CrawlRun
    told: Told
    markers: int
    missing: Mapping[str, int]

    @property
    def pages_s(self) -> float:
        """Return good pages a second."""
        return self.markers / self.run.cost.wall_s

    @property
    def cpu_ms(self) -> float:
        """Return milliseconds of CPU time a good page."""
        return 1_000 * self.run.cost.cpu_s / max(self.markers, 1)

    def to_json(self) -> dict[str, object]:
        """Return it as JSON-able values."""
        return {
            "cost": asdict(self.run.cost),
            "told": self.told.to_json(),
            "markers": self.markers,
            "missing": dict(self.missing),
            "pages_s": self.pages_s,
            "cpu_ms": self.cpu_ms,
            "summary": dict(self.run.summary),
        }


def measure(conditions: Conditions) -> Measured:
    """Crawl the first day with both."""
    with FarmProcess(conditions.pick(SITES, _QUICK_SITES)) as farm:
        wanted = farm.truth().markers(1)
        theirs = _scrapy(farm, conditions.folder, wanted)
        conditions.say(_line("Scrapy", theirs, wanted))
        farm.reset()
        folder = write_recipe(conditions.folder / "farm", farm.sites, fetch=_RULES)
        run = run_crawl(folder, timeout_s=_TIMEOUT_S)
        found = Crawled(folder).count_markers(wanted)
        ours = _crawl(farm, run, found, wanted)
        conditions.say(_line("subak", ours, wanted))
        verdict = judge_failures(run, farm.sites, farm.truth())
    return Measured(
        (*_checks(ours, theirs, len(wanted)), verdict.check()),
        {
            "sites": len(farm.sites),
            "good_pages": len(wanted),
            "failed_sites": dict(verdict.told),
            "subak": ours.to_json(),
            "scrapy": theirs.to_json(),
        },
        notes=(
            "Both take the front page and what its main part links to, robots.txt "
            "obeyed, at most 2 requests a site and 200 in all; the farm judges.",
            f"{pinned('Scrapy')}: {theirs.markers / len(wanted):.1%} of the pages, "
            f"{theirs.pages_s:.0f} pages/s, {theirs.cpu_ms:.1f} CPU-ms a page, "
            f"{theirs.run.cost.peak_mb:.0f} MB, {theirs.told.over_two} sites over two "
            f"in flight, {theirs.told.disallowed} disallowed, "
            f"{theirs.told.forbidden} to the forbidden address.",
            f"subak misses: {dict(ours.missing)}.",
        ),
        commands=(typed(), "python -m bench.peers.scrapy_farm --urls URLS --out FILE"),
    )


def _scrapy(farm: FarmProcess, folder: Path, wanted: Mapping[str, str]) -> Crawl:
    if not PYTHON.exists():
        raise NotInstalledError("Scrapy is not installed: make bench installs it")
    urls, out = folder / "urls.txt", folder / "scrapy.jsonl"
    urls.write_text("\n".join(site.front_url for site in farm.sites), "utf-8")
    command = [str(PYTHON), "-m", "bench.peers.scrapy_farm"]
    command += ["--urls", str(urls), "--out", str(out)]
    run = run_measured(command, timeout_s=_TIMEOUT_S, folder=ROOT)
    if run.code or not out.exists():
        raise CannotMeasureError(f"Scrapy ended with {run.code}: {run.errors[-300:]}")
    found: set[str] = set()
    with out.open(encoding="utf-8") as lines:
        for line in lines:
            found |= set(json.loads(line)["marks"])
    return _crawl(farm, run, found & wanted.keys(), wanted)


def _crawl(
    farm: FarmProcess, run: CrawlRun, found: set[str], wanted: Mapping[str, str]
) -> Crawl:
    kinds = {site.name: kind_of(site) for site in farm.sites}
    missing = Counter(
        kinds[marker[2:].partition(":")[0]] for marker in wanted.keys() - found
    )
    return Crawl(run, farm.told(), len(found), dict(missing.most_common()))


def kind_of(site: Site) -> str:
    """Return what a site is called among the missing."""
    return f"charset by {site.declared}" if site.kind == "charset" else site.kind


def _line(name: str, crawl: Crawl, wanted: Mapping[str, str]) -> str:
    cost = crawl.run.cost
    return (
        f"{name}: {crawl.markers} of {len(wanted)} pages in {cost.wall_s:.1f} s, "
        f"{crawl.cpu_ms:.2f} CPU-ms a page, {cost.peak_mb:.0f} MB"
    )


def _checks(ours: Crawl, theirs: Crawl, wanted: int) -> tuple[Check, ...]:
    share = ours.markers / wanted
    told = ours.told
    manners = (told.over_two, told.disallowed, told.forbidden)
    faster = ours.pages_s / theirs.pages_s
    cheaper = ours.cpu_ms / theirs.cpu_ms
    peak = ours.run.cost.peak_mb
    return (
        Check(
            "farm: good pages",
            ">= 99.8 %",
            f"{share:.2%} ({ours.markers} of {wanted})",
            share >= 0.998,
        ),
        Check(
            "farm: sites over 2 in flight, disallowed, forbidden",
            "0, 0, 0",
            ", ".join(map(str, manners)),
            manners == (0, 0, 0),
        ),
        Check(
            "farm: pages/s against Scrapy",
            ">= 2 x",
            f"{faster:.2f} x ({ours.pages_s:.0f} to {theirs.pages_s:.0f})",
            faster >= 2.0,
        ),
        Check(
            "farm: CPU a page against Scrapy",
            "<= 0.45 x",
            f"{cheaper:.2f} x ({ours.cpu_ms:.2f} to {theirs.cpu_ms:.2f} ms)",
            cheaper <= 0.45,
        ),
        Check("farm: peak memory", "<= 150 MB", f"{peak:.0f} MB", peak <= 150),
    )
