"""serve: the demo's small web alone, for recipes of one's own to be tried on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from subak.api import Control
from subak.demo.folder import known_port
from subak.demo.ready import RECIPES, write_ready
from subak.demo.show import Say, choose_countries
from subak.demo.web import DemoWeb


class _Wait:
    """Lasts until it is drained."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    def drain(self) -> None:
        """End the waiting."""
        self.over.set()


async def serve_demo(
    folder: Path, countries: int, say: Say, *, port: int = 0, control: Control
) -> None:
    """Serve the sites until stopped, with recipes beside them that read them.

    Args:
        folder: Where ``intel`` and ``tax`` are written, unless they are there.
        countries: How many countries the small web describes.
        port: 0 takes that of the folder's recipes, or a free one.

    Raises:
        SubakError: The sites can't be served or the folder not be written.
    """
    port = port or max((known_port(folder / name) for name in RECIPES), default=0)
    chosen = choose_countries(countries)
    async with DemoWeb(chosen, port=port, with_news=True) as web:
        if not any((folder / name / "recipe.toml").is_file() for name in RECIPES):
            write_ready(folder, web.shown, web.sites)
        addresses = "\n       ".join(web.sites.values())
        say(f"web    {len(web.sites)} sites, until this is stopped (Ctrl-C):")
        say(f"       {addresses}")
        for name in RECIPES:
            say(f"next   subak run {folder / name}")
        waiting = _Wait()
        control.attach(waiting)
        await waiting.over.wait()
