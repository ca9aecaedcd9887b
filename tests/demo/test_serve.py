"""The small web alone, with recipes that read it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from subak.api import Control, RunRequest, arun
from subak.demo.gazette import gazette_site
from subak.demo.serve import serve_demo
from subak.recipes.load import load_recipe
from subak.views.summary import RunSummary


def test_gazette_tells_what_its_data_say() -> None:
    """Whole sentences about each country, by category, with the figures of the data."""
    site = gazette_site(["Australia", "Japan"])
    assert {path.split("/")[1] for path in site.pages} == {
        *("immigration", "banking", "environment", "tax")
    }
    page = site.pages["/banking/australia.html"]
    assert "Consumer prices in Australia rose by 3.2 % in 2024, after 5.6 % in" in page
    assert (
        "raised its standard rate of value added tax from 22 % to 24 % on 1 July 2025"
        in (site.pages["/tax/estonia.html"])
    )
    assert (
        "Japan does not recognize dual citizenship."
        in (site.pages["/immigration/japan.html"])
    )


@pytest.mark.parametrize("name", ["intel", "tax"])
def test_serve_lets_a_shipped_recipe_run(tmp_path: Path, name: str) -> None:
    """The recipe beside the sites reads them, and articles come out."""

    async def scenario() -> RunSummary:
        control, is_served = Control(), asyncio.Event()

        def say(line: str) -> None:
            if "subak run" in line:
                is_served.set()

        async with asyncio.TaskGroup() as group:
            group.create_task(serve_demo(tmp_path, 2, say, control=control))
            await is_served.wait()
            request = RunRequest(str(tmp_path / name), model="echo", workers=0)
            summary = await arun(request)
            control.drain()
        return summary

    summary = asyncio.run(scenario())
    assert summary.status == "done"
    written = {
        path.stem for path in (tmp_path / name / "out" / "articles").glob("*.md")
    }
    wanted = {"intel": {"immigration", "banking", "rates"}, "tax": {"tax"}}
    assert written >= wanted[name]


def test_serve_keeps_the_recipes_that_are_there(tmp_path: Path) -> None:
    """What was edited is not written anew, and the port stays."""

    async def scenario(port: int = 0) -> list[str]:
        control, said = Control(), list[str]()
        control.drain()
        await serve_demo(tmp_path, 1, said.append, port=port, control=control)
        return said

    first = asyncio.run(scenario(18_627))  # one that no other test takes
    path = tmp_path / "tax" / "recipe.toml"
    path.write_text(path.read_text("utf-8").replace('name = "tax"', 'name = "mine"', 1))
    assert asyncio.run(scenario()) == first
    assert load_recipe(path).name == "mine"
