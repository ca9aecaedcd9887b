"""The recipe of the farm loads, and its summary can be judged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bench.crawl_run import Cost, CrawlRun
from bench.failed_sites import judge_failures
from bench.farm.planned import plan_sites
from bench.farm.press import Press
from bench.farm.recipe import write_recipe
from bench.farm.truth import Truth
from subak.recipes.load import load_recipe

_SITES = plan_sites(8410, 60)
_TRUTH = Truth(_SITES, Press(_SITES))


def _run(failed: Mapping[str, str]) -> CrawlRun:
    listed = [
        {"source": name, "reason": reason, "error": "it is so"}
        for name, reason in failed.items()
    ]
    cost = Cost(1.0, 1.0, 1.0, 1.0, 1.0)
    return CrawlRun(cost, 3, {"failed_sites": listed}, "", "")


def _expected() -> dict[str, str]:
    hosts = _TRUTH.must_fail()
    return {site.name: "dead" for site in _SITES if site.host in hosts}


def test_recipe_names_every_site(tmp_path: Path) -> None:
    """Each site is a source of its own, with the keys given for all."""
    recipe = load_recipe(write_recipe(tmp_path, _SITES, limit=7) / "recipe.toml")
    assert [source.url for source in recipe.source] == [s.front_url for s in _SITES]
    assert {source.kind for source in recipe.source} == {"index"}
    assert {source.limit for source in recipe.source} == {7}
    assert all(source.with_front for source in recipe.source)


def test_verdict_is_met_when_exactly_the_dead_are_listed() -> None:
    """All dead and hostile sites, and script-only ones as one likes."""
    failed = _expected()
    assert judge_failures(_run(failed), _SITES, _TRUTH).check().is_met
    extra = next(site.name for site in _SITES if site.kind == "script_only")
    failed[extra] = "no links"
    assert judge_failures(_run(failed), _SITES, _TRUTH).check().is_met


@pytest.mark.parametrize("kind", ["bomb", "plain"])
def test_verdict_is_short_when_one_is_missing_or_too_many(kind: str) -> None:
    """A hostile site left out, or a good one put in, is told by name."""
    site = next(site for site in _SITES if site.kind == kind)
    failed = _expected()
    if kind == "bomb":
        del failed[site.name]
    else:
        failed[site.name] = "slow"
    verdict = judge_failures(_run(failed), _SITES, _TRUTH)
    assert not verdict.check().is_met
    assert (verdict.silent or verdict.wrong) == (f"{kind} {site.host}",)
