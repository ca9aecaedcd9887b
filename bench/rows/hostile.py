"""Hostile: a bomb, an endless page and a 54 MB page, each site alone."""

from __future__ import annotations

from dataclasses import asdict

from bench.crawl_run import CrawlRun, run_crawl, typed
from bench.crawled import Crawled
from bench.farm.mix import HOSTILE
from bench.farm.press import is_hostile
from bench.farm.recipe import write_recipe
from bench.farm.site import Site
from bench.farm_process import FarmProcess
from bench.row import Check, Conditions, Measured

_SITES = 60  # one of each kind
_TIMEOUT_S = 180.0
_BOUND_S = 90.0
_PEAK_MB = 100.0


def measure(conditions: Conditions) -> Measured:
    """Crawl each hostile site in a run of its own."""
    checks: list[Check] = []
    raw: dict[str, object] = {}
    with FarmProcess(_SITES) as farm:
        wanted = farm.truth().markers(1)
        for site in farm.sites:
            if site.kind not in HOSTILE:
                continue
            folder = write_recipe(conditions.folder / site.kind, [site])
            run = run_crawl(folder, timeout_s=_TIMEOUT_S)
            good = {mark: url for mark, url in wanted.items() if _is_of(site, url)}
            found = len(Crawled(folder).count_markers(good))
            reason = _reason(run, _trap(farm, site))
            conditions.say(
                f"{site.kind}: {run.cost.peak_mb:.0f} MB, {run.cost.wall_s:.1f} s, "
                f"{found} of {len(good)} other pages, {reason!r}"
            )
            checks += _checks(site, run, (found, len(good)), reason)
            raw[site.kind] = {"cost": asdict(run.cost), "reason": reason}
    return Measured(
        tuple(checks),
        raw,
        notes=("Each site has ten good pages beside the hostile one.",),
        commands=(typed(),),
    )


def _is_of(site: Site, url: str) -> bool:
    return url.startswith(f"{site.base}/")


def _trap(farm: FarmProcess, site: Site) -> str:
    """Return the address of the site's hostile page."""
    articles = farm.truth().press.articles(site, 1)
    path = next(each.path for each in articles if is_hostile(site, each.number))
    return site.base + path


def _reason(run: CrawlRun, url: str) -> str:
    failures = run.summary.get("failures")
    for failure in failures if isinstance(failures, list) else []:
        if str(failure.get("item", "")).startswith(url):
            return str(failure.get("error", ""))
    return ""


def _checks(
    site: Site, run: CrawlRun, pages: tuple[int, int], reason: str
) -> list[Check]:
    found, wanted = pages
    cost = run.cost
    return [
        Check(
            f"{site.kind}: peak memory",
            f"<= {_PEAK_MB:.0f} MB",
            f"{cost.peak_mb:.0f} MB",
            cost.peak_mb <= _PEAK_MB,
        ),
        Check(
            f"{site.kind}: over in bounded time, with a reason",
            f"<= {_BOUND_S:.0f} s",
            f"{cost.wall_s:.0f} s: {reason or 'no reason'}; "
            f"{found} of {wanted} other pages",
            cost.wall_s <= _BOUND_S and bool(reason) and found == wanted,
        ),
    ]
