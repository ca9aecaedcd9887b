"""The demo: the whole main job on a small web, then once more to show it is free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from subak.api import Control, RunRequest, arun, report
from subak.demo.factbook import CODES
from subak.demo.folder import known_port, prepare
from subak.demo.web import DemoWeb
from subak.engine.events import Listener
from subak.errors import UserError
from subak.views.summary import RunSummary

COUNTRIES = ("Australia", "Brazil", "Germany", "Italy", "Japan", "Kenya")


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """How the demo is shown.

    Args:
        folder: Workspace of the demo.
        model: Model spec; None takes the recipe's embedded one.
        countries: How many countries the small web describes.
        port: Port of the small web; 0 takes the folder's or a free one.
    """

    folder: Path
    model: str | None = None
    countries: int = len(COUNTRIES)
    port: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo did: the first run, and the second that costs nothing."""

    first: RunSummary
    again: RunSummary


Say = Callable[[str], None]


async def show_demo(
    options: DemoOptions,
    say: Say,
    *,
    listeners: Sequence[Listener] = (),
    control: Control | None = None,
) -> Shown:
    """Run the main job on the small web, twice.

    Raises:
        SubakError: The demo can't be shown; says what to do.
    """
    port = options.port or known_port(options.folder)
    async with DemoWeb(choose_countries(options.countries), port=port) as sites:
        recipe = prepare(options.folder, sites.sites)
        say(_introduction(sites))
        request = RunRequest(str(recipe), model=options.model)
        first = await arun(request, listeners=listeners, control=control)
        if first.status == "interrupted":
            return Shown(first, first)
        report(options.folder, first.run)
        say("\nagain  the same once more: what is known costs nothing")
        again = await arun(request, control=control)
        return Shown(first, again)


def choose_countries(number: int) -> tuple[str, ...]:
    """Return that many countries, the well-known six first.

    Raises:
        UserError: The demo has fewer, or none were wanted.
    """
    rest = tuple(name for name in CODES if name not in COUNTRIES)
    known = (*COUNTRIES, *rest)
    if not 1 <= number <= len(known):
        raise UserError(
            f"the demo can show 1 to {len(known)} countries, not {number}",
            hint="subak demo --countries 6",
        )
    return tuple(sorted(known[:number]))


def _introduction(sites: DemoWeb) -> str:
    addresses = "  ".join(sites.sites.values())
    return (
        f"web    {len(sites.sites)} sites on this machine, "
        f"{len(sites.countries)} countries, nothing leaves it\n"
        f"       {addresses}"
    )


def results_in(folder: Path) -> list[str]:
    """Return what is worth opening first, as paths to type."""
    wanted = (
        "out/site/index.html",
        "out/articles",
        "out/facts.json",
        ".subak/report.html",
    )
    return [str(folder / name) for name in wanted if (folder / name).exists()]
