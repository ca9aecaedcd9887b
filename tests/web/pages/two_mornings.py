"""Two mornings of a small site: a change, a loss, a dispute, a failure, markup."""

from __future__ import annotations

import asyncio
from html import escape
from pathlib import Path

from subak.api import RunRequest, arun
from subak.demo.set_clock import SetClock
from subak.testing.site import FakeSite
from subak.views.summary import RunSummary
from tests.job.pages import COUNTRIES, FACTS, PAGE, pages, source

DAYS = ("2026-11-22", "2026-11-23")
EVIL = "<b>Evil</b>"
HOSTILE = "<script>alert('x')</script>"
LOST = "The standard rate of value added tax is 16 percent."
IMPLAUSIBLE = "The standard rate of value added tax is 250 percent."


def live_two_mornings(folder: Path) -> tuple[RunSummary, RunSummary]:
    """Run the recipe on two days into the folder; return both summaries."""

    async def scenario() -> tuple[RunSummary, RunSummary]:
        async with FakeSite(_first_day()) as site:
            recipe = _write(folder, site)
            first = await arun(recipe, clock=SetClock(DAYS[0]))
            _second_day(site)
            return first, await arun(recipe, clock=SetClock(DAYS[1]))

    return asyncio.run(scenario())


def _write(folder: Path, site: FakeSite) -> RunRequest:
    official = "".join(
        f"{source(site.url(f'/{name.lower()}'), name)}tier = 1\n" for name in COUNTRIES
    )
    others = "".join(
        source(site.url(path), entity)
        for path, entity in (
            ("/press", "Italy"),
            ("/evil", EVIL),
            ("/odd", "Odd"),
            ("/nowhere", "Nowhere"),
        )
    )
    facts = FACTS.replace('name = "vat"\n', 'name = "vat"\nmaximum = 100\n')
    text = f'name = "job"\n[model]\nuse = "echo"\n{official}{others}{facts}'
    path = folder / "recipe.toml"
    path.write_text(text, encoding="utf-8")
    return RunRequest(str(path), workers=0)


def _first_day() -> dict[str, str]:
    press = PAGE.format(name="Italy", vat=22, corporate=24, people=59)
    evil = PAGE.format(name=escape(EVIL), vat=13, corporate=17, people=6)
    odd = PAGE.format(name="Odd", vat=11, corporate=12, people=7)
    said = "The standard rate of value added tax is 11 percent."
    return {
        **{path: str(page) for path, page in pages().items()},
        "/press": press.replace("trade", "the press"),
        "/evil": evil.replace("People", f"People {escape(HOSTILE)}").replace(
            "<title>", f"<title>{escape(HOSTILE)} "
        ),
        "/odd": odd.replace(said, IMPLAUSIBLE),
    }


def _second_day(site: FakeSite) -> None:
    """Change Italy's VAT where it is official, and lose Kenya's."""
    site.pages["/italy"] = PAGE.format(name="Italy", vat=23, corporate=24, people=59)
    kenya = PAGE.format(name="Kenya", vat=16, corporate=30, people=55)
    site.pages["/kenya"] = kenya.replace(LOST, "The roads were mended in spring.")
