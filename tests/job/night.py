"""A night of trouble: a site down, a model server restarted, values invented.

The day before, all was well. In the night the press site is gone, the page about
Germany has changed, the model server goes away in the middle of that call, of the new
category "visa" the model invents all three values, and the page of the category
"permits" says nothing any more, so that no new article can be made of it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from subak.api import RunRequest, arun
from subak.llm.echo import echo
from subak.llm.model import Message, Prompt
from subak.testing.model_server import FakeModelServer
from subak.testing.site import FakeSite
from subak.views.summary import RunSummary
from tests.job.pages import FACTS, PAGE, pages, source

PRESS = "127.0.0.2"
VISA_PAGE = """<!doctype html><html lang="en"><head><title>Visas</title></head><body>
<article><h1>Visas of Indonesia</h1>
<p>The standard rate of the visa levy is 5 percent.</p>
<p>Agents pay a permit surcharge of 8 percent on their fees.</p>
<p>The rate of the renewal charge is 11 percent of the first fee.</p>
</article></body></html>"""
VISA_FACTS = """
[[facts]]
category = "visa"
title = "Visas"
[[facts.fields]]
name = "levy"
kind = "percent"
words = ["visa levy"]
statement = "The visa levy of {entity} is {value}."
[[facts.fields]]
name = "surcharge"
kind = "percent"
words = ["permit surcharge"]
statement = "The permit surcharge of {entity} is {value}."
[[facts.fields]]
name = "renewal"
kind = "percent"
words = ["renewal charge"]
statement = "The renewal charge of {entity} is {value}."
"""
PERMIT_CLAIMS = """
[[claims]]
category = "permits"
title = "Permits"
"""
PERMIT_PAGE = """<!doctype html><html lang="en"><head><title>Permits</title>
</head><body><article><h1>Permits of Indonesia</h1>{paragraphs}</article></body></html>
"""
PERMIT_NEWS = """
<p>The ministry has opened a second counter for building permits in Denpasar.</p>
<p>Building permits are given out within 14 days since October 2026.</p>
"""
PERMIT_NOTICE = "<p>Page not ready.</p>"
_INVENTED = re.compile(r'("(?:levy|surcharge|renewal)":\s*)[^,}]+')


def inventing(messages: Sequence[Message], schema: str | None) -> str:
    """Answer like echo, but about visas with numbers that nobody wrote."""
    honest = echo(Prompt(tuple(messages), schema=schema))
    return _INVENTED.sub(r"\g<1>77", honest)


async def bad_night(folder: Path) -> tuple[RunSummary, RunSummary]:
    """Run the day and the night; return both summaries."""
    asked = asyncio.Event()

    def answer(messages: Sequence[Message], schema: str | None) -> str:
        asked.set()
        return inventing(messages, schema)

    async with FakeModelServer(answer) as server, FakeSite(pages()) as site:
        site.pages["/visas"] = VISA_PAGE
        site.pages["/permits"] = PERMIT_PAGE.format(paragraphs=PERMIT_NEWS)
        day = await _good_day(folder, server, site)
        site.pages["/germany"] = PAGE.format(
            name="Germany", vat=20, corporate=15, people=84
        )
        site.pages["/permits"] = PERMIT_PAGE.format(paragraphs=PERMIT_NOTICE)
        server.settings = replace(server.settings, token_s=0.02)
        recipe = folder / "recipe.toml"
        recipe.write_text(recipe.read_text() + _about(site, "visa") + VISA_FACTS)
        async with asyncio.TaskGroup() as group:
            asked.clear()
            group.create_task(_restart(server, asked))
            night = group.create_task(arun(RunRequest(str(recipe), workers=0)))
        return day, night.result()


async def _good_day(
    folder: Path, server: FakeModelServer, site: FakeSite
) -> RunSummary:
    """Run while the press site is up, too."""
    async with FakeSite(pages(), address=PRESS) as press:
        urls = {"Germany": site.url("/germany"), "Italy": site.url("/italy")}
        urls["Kenya"] = press.url("/kenya")
        sources = "".join(source(url, name) for name, url in urls.items())
        model = f'[model]\nuse = "openai:fake@{server.url}/v1"\n'
        head = f'name = "night"\ntitle = "Morning paper"\n{model}'
        recipe = folder / "recipe.toml"
        sources += _about(site, "permits")
        recipe.write_text(head + sources + FACTS + PERMIT_CLAIMS)
        return await arun(RunRequest(str(recipe), workers=0))


async def _restart(server: FakeModelServer, asked: asyncio.Event) -> None:
    """Take the server away once it is at work, and bring it back."""
    await asked.wait()
    await asyncio.sleep(0.05)
    await server.stop()
    await asyncio.sleep(0.4)
    await server.start()


def _about(site: FakeSite, category: str) -> str:
    """Return a source about Indonesia, of a category of the same name as its page."""
    pages_of = {"visa": "/visas", "permits": "/permits"}
    told = source(site.url(pages_of[category]), "Indonesia")
    return told.replace('"tax"', f'"{category}"')
