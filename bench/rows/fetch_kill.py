"""kill -9 while fetching: what is asked for again."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.crawl_run import crawl_command, environment, run_crawl, typed
from bench.crawled import Crawled
from bench.farm.mix import SITES
from bench.farm.recipe import write_recipe
from bench.farm_process import FarmProcess
from bench.peer_runs import ROOT
from bench.process import Child
from bench.row import Check, Conditions, Measured
from bench.short_life import live_until
from subak.engine.workspace import Workspace

_SEED = 23
_MOMENT_S = (0.5, 6.0)
# They want to be asked twice.
_ASK_TWICE = frozenset({"rate_limited", "cookie_wall"})
_TIMEOUT_S = 600.0


@dataclass(slots=True)
class Tally:
    """What the lives came to.

    Args:
        under_way: Pages asked for in a killed life and not kept by it.
        again: Requests for a page that an earlier life had asked for.
        repeated: Requests for a page that the archive had already.
        asked: How often each page was asked for.
        kept: Pages the archive has.
    """

    kills: int = 0
    under_way: int = 0
    again: int = 0
    repeated: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    kept: frozenset[str] = frozenset()

    def count_life(self, asked: Counter[str], kept: frozenset[str]) -> None:
        """Compare what a life asked for with what was there before it."""
        fresh = asked - self.asked
        self.repeated += sum(fresh[url] for url in fresh.keys() & self.kept)
        self.again += sum(
            count if url in self.asked else count - 1 for url, count in fresh.items()
        )
        self.under_way += len(fresh.keys() - kept)
        self.asked, self.kept = asked, kept


def measure(conditions: Conditions) -> Measured:
    """Kill again and again, then let it finish; the farm's log tells."""
    kills = conditions.pick(20, 4)
    moments = random.Random(_SEED)
    tally = Tally()
    with FarmProcess(conditions.pick(SITES, 60)) as farm:
        wanted = farm.truth().markers(1)
        # Fronts are listings too, and those are read anew; a hop has no page.
        fronts = {site.front_url for site in farm.sites}
        twice = {site.base for site in farm.sites if site.kind in _ASK_TWICE}
        pages = {
            url
            for url in set(wanted.values()) - fronts
            if not any(url.startswith(f"{base}/") for base in twice)
        }
        folder = write_recipe(conditions.folder / "farm", farm.sites)
        is_ended = False
        while tally.kills < kills and not is_ended:
            is_ended = _live(folder, farm, moments.uniform(*_MOMENT_S))
            tally.kills += not is_ended
            _count(tally, farm, folder, pages, conditions.folder / "copy")
            conditions.say(f"{tally.kills} kills, {len(tally.kept)} of {len(pages)}")
        run_crawl(folder, timeout_s=_TIMEOUT_S)
        _count(tally, farm, folder, pages, conditions.folder / "copy")
        good = len(Crawled(folder).count_markers(wanted))
    return Measured(
        _checks(tally, good, len(wanted)),
        {**_counts(tally), "good": good, "wanted": len(wanted)},
        notes=(
            f"Each life is killed {_MOMENT_S[0]} to {_MOMENT_S[1]} s after its first "
            f"request reached the farm (seed {_SEED}); the last one may finish.",
            "Articles only: front pages are listings, robots.txt is asked for once a "
            "life. Sites that answer 429 or want a cookie first are left out, for they "
            "want to be asked twice.",
        ),
        commands=(typed(),),
    )


def _live(folder: Path, farm: FarmProcess, moment_s: float) -> bool:
    """Run until the moment, then kill; tell whether the run ended by itself."""
    command = crawl_command(folder)
    with Child(command, folder=ROOT, environment=environment(folder)) as child:
        return live_until(child, lambda: farm.told().requests, moment_s, {0, 3})


def _count(
    tally: Tally, farm: FarmProcess, folder: Path, pages: set[str], copy: Path
) -> None:
    """Compare the farm's log with a copy of the workspace's state."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(Workspace(folder).state, Workspace(copy).state, ignore=_shared)
    asked = Counter({url: n for url, n in farm.asked().items() if url in pages})
    kept = frozenset(page.snapshot.url for page in Crawled(copy).pages(pages))
    tally.count_life(asked, kept)


def _shared(_folder: str, names: list[str]) -> list[str]:
    """Leave the shared memory files behind: they belong to the dead process."""
    return [name for name in names if name.endswith("-shm") or name == "lock"]


def _counts(tally: Tally) -> Mapping[str, object]:
    told = asdict(tally)
    return {name: told[name] for name in ("kills", "under_way", "again", "repeated")}


def _checks(tally: Tally, good: int, wanted: int) -> tuple[Check, ...]:
    return (
        Check(
            f"fetching killed {tally.kills} times: good pages in the end",
            ">= 99.8 %",
            f"{good} of {wanted}",
            good >= 0.998 * wanted,
        ),
        Check(
            "fetching killed: pages asked for although the archive had them",
            "0",
            str(tally.repeated),
            tally.repeated == 0,
        ),
        Check(
            "fetching killed: pages asked for again",
            "<= under way at the kills",
            f"{tally.again} of {tally.under_way}",
            tally.again <= tally.under_way,
        ),
    )
