"""What a run says of its pages, over real loopback sites."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path

from subak.api import RunRequest, aplan, expected_tasks, prepare, run
from subak.views.summary import RunSummary
from tests.job.serving import served, write_job


def _run(recipe: Path) -> RunSummary:
    return run(RunRequest(str(recipe), workers=0))


def _fetch(summary: RunSummary) -> dict[str, int]:
    return {name: number for name, number in asdict(summary.fetch).items() if number}


def test_fetch_figures_tell_what_became_of_each_page(tmp_path: Path) -> None:
    """All new on the first day; then one changed, one gone, one as before."""
    with served() as (site, _):
        recipe = write_job(tmp_path, site, "echo")
        first = _fetch(_run(recipe))
        assert (first["pages"], first["new"]) == (3, 3)
        assert first["requests"] == 4  # robots.txt once, then the pages
        page = site.pages["/kenya"]
        assert isinstance(page, str)
        site.pages["/kenya"] = page.replace("16", "18")
        del site.pages["/italy"]
        second = _fetch(_run(recipe))
    del second["bytes"], second["requests"]
    assert second == {"pages": 3, "changed": 1, "unchanged": 1, "removed": 1}


def test_failed_sites_are_named_with_their_reason(tmp_path: Path) -> None:
    """A page that is not there is one site with one word for why."""
    with served() as (site, _):
        del site.pages["/kenya"]
        summary = _run(write_job(tmp_path, site, "echo"))
    (lost,) = summary.failed_sites
    assert (lost.source, lost.url) == ("page-3", site.url("/kenya"))
    assert (lost.reason, lost.pages, lost.is_unlisted) == ("gone", 1, False)
    assert summary.status == "partial"


def test_plan_counts_sources_and_known_pages(tmp_path: Path) -> None:
    """Nothing is known before the first run, and its pages after it."""
    with served() as (site, _):
        recipe = write_job(tmp_path, site, "echo")
        request = RunRequest(str(recipe), workers=0)
        (before,) = asyncio.run(aplan(request)).sources
        _run(recipe)
    (after,) = asyncio.run(aplan(request)).sources
    assert (before.kind, before.sources, before.pages) == ("page", 3, 0)
    assert (after.sources, after.pages, after.asked + after.spared) == (3, 3, 3)


def test_expected_tasks_are_those_of_the_last_run(tmp_path: Path) -> None:
    """The time left needs a number to go by; a part of a recipe has none."""
    with served() as (site, _):
        recipe = write_job(tmp_path, site, "echo")
        whole = prepare(RunRequest(str(recipe)))
        assert expected_tasks(whole) == {}
        _run(recipe)
    assert expected_tasks(whole)["fetch"] == 3
    assert expected_tasks(prepare(RunRequest(str(recipe), limit=1))) == {}
