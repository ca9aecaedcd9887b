"""The demo: a small web as it was, as it is, and once more to show that is free."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from subak.api import Control, RunRequest, arun, report
from subak.demo.factbook import profiled_countries
from subak.demo.folder import known_port, prepare
from subak.demo.set_clock import SetClock
from subak.demo.web import DemoWeb
from subak.engine.events import Listener
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.errors import StorageError, UserError
from subak.views.runs import list_runs
from subak.views.summary import RunSummary

# The earlier pages are read by a model that can only quote: seconds, not minutes, and
# the values that it finds are proved in the same way.
EARLIER_MODEL = "echo"
# Before Estonia's rate changed: the tables knew the older one then.
EARLIER_DAY = "2025-06-01"
COUNTRIES = ("Australia", "Brazil", "Germany", "Italy", "Japan", "Kenya")


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """How the demo is shown.

    Args:
        folder: Workspace of the demo.
        model: Model spec; None takes the recipe's embedded one.
        countries: How many countries the small web describes.
        port: Port of the small web; 0 takes the folder's or a free one.
        with_earlier: The same sites are read first as they were on an earlier day.
    """

    folder: Path
    model: str | None = None
    countries: int = len(COUNTRIES)
    port: int = 0
    with_earlier: bool = True


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
    """Run the main job on the small web: as it was, as it is, and once more.

    Raises:
        SubakError: The demo can't be shown; says what to do.
    """
    port = options.port or known_port(options.folder)
    async with DemoWeb(choose_countries(options.countries), port=port) as sites:
        recipe = prepare(options.folder, sites.sites)
        say(_introduction(sites))
        request = RunRequest(str(recipe), model=options.model)
        if options.with_earlier and not _has_a_run(options.folder):
            before = await _run_earlier(request, sites, say, control)
            if before.status == "interrupted":
                return Shown(before, before)
        first = await arun(request, listeners=listeners, control=control)
        if first.status == "interrupted":
            return Shown(first, first)
        report(options.folder, first.run)
        say("\nagain  the same once more: what is known costs nothing")
        again = await arun(request, control=control)
        return Shown(first, again)


async def _run_earlier(
    request: RunRequest, sites: DemoWeb, say: Say, control: Control | None
) -> RunSummary:
    """Read the sites as they were, with a clock set to that day."""
    sites.turn_to("earlier")
    earlier = replace(request, model=EARLIER_MODEL, only="publish")
    summary = await arun(earlier, control=control, clock=SetClock(EARLIER_DAY))
    sites.turn_to("today")
    say(
        f"before the same sites as of {EARLIER_DAY} (the Factbook's edition of "
        f"2014/15, an older rate),\n       read with `{EARLIER_MODEL}`, no model asked:"
        f" {summary.facts.proved} facts proved in {summary.seconds:.0f} s\n"
        "today  the sites have changed\n"
    )
    return summary


def _has_a_run(folder: Path) -> bool:
    """Tell whether a run has ended here: then the earlier day is over."""
    try:
        database = open_reader(Workspace(folder).journal)
    except StorageError:
        return False
    try:
        runs = list_runs(database, limit=1_000)
    finally:
        database.close()
    return any(run.status in ("done", "partial", "failed") for run in runs)


def choose_countries(number: int) -> tuple[str, ...]:
    """Return that many countries, the well-known six first.

    Raises:
        UserError: The demo has fewer, or none were wanted.
    """
    rest = tuple(name for name in profiled_countries() if name not in COUNTRIES)
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
        f"web    {len(sites.sites)} sites on this machine, nothing leaves it: the "
        f"World Factbook on\n       {len(sites.countries)} countries, and two lists of "
        "VAT rates, in three languages\n"
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
