"""Copies: the same press release on eight sites, read once."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

from bench.crawl_run import run_crawl, typed
from bench.crawled import Crawled
from bench.farm.mix import SITES
from bench.farm.recipe import write_recipe
from bench.farm.site import Site
from bench.farm_process import FarmProcess
from bench.row import Check, Conditions, Measured

_TIMEOUT_S = 900.0
_OTHERS = 150


def measure(conditions: Conditions) -> Measured:
    """Read the mirrors among ordinary sites and compare what is called a copy."""
    with FarmProcess(SITES, speed=0.0) as farm:
        truth = farm.truth().copies()
        sites = _chosen(farm.sites, conditions.pick(_OTHERS, 10))
        folder = write_recipe(conditions.folder / "farm", sites)
        run = run_crawl(folder, only="index", timeout_s=_TIMEOUT_S)
        told = Crawled(folder).events("document.copy")
    groups: dict[str, set[str]] = defaultdict(set)
    for stored in told:
        of = str(stored.event.data.get("of", ""))
        groups[of] |= {of, str(stored.event.data.get("url", ""))}
    pairs = {
        frozenset(pair) for same in groups.values() for pair in combinations(same, 2)
    }
    found, false = len(pairs & truth), len(pairs - truth)
    conditions.say(f"{found} of {len(truth)} pairs, {false} false")
    return Measured(
        (
            Check(
                "near-duplicates: mirrors found",
                "all pairs",
                f"{found} of {len(truth)}",
                found == len(truth),
            ),
            Check("near-duplicates: false", "0", str(false), false == 0),
        ),
        {
            "sites": len(sites),
            "found": found,
            "false": false,
            "documents": run.number("tasks", "done"),
        },
        notes=(
            "Two documents of which one is called the copy of the other, or both of "
            "a third, are a pair; each mirror ends its articles with words of its own.",
        ),
        commands=(typed("index"),),
    )


def _chosen(sites: tuple[Site, ...], others: int) -> list[Site]:
    """Return the mirrors and some ordinary sites, in the farm's order."""
    plain = [site.number for site in sites if site.kind == "plain"][:others]
    return [site for site in sites if site.kind == "mirror" or site.number in plain]
