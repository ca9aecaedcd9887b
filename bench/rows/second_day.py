"""Second day: what a run reads again when little has changed, and when nothing has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.crawl_run import Cost, CrawlRun, run_crawl, typed
from bench.crawled import Crawled
from bench.farm.mix import ADDED, EDITS, SITES
from bench.farm.recipe import write_recipe
from bench.farm.told import Told
from bench.farm.truth import Truth
from bench.farm_process import FarmProcess
from bench.row import Check, Conditions, Measured

_TIMEOUT_S = 900.0
_QUICK_SITES = 60
_EMITTED = ("document.new", "document.changed")
# Of 290 edits some stand behind validators that never change.
_EDITS_SEEN = 284 / EDITS


@dataclass(frozen=True, slots=True)
class Pass:
    """One run over the farm."""

    cost: Cost
    told: Told
    fetch: Mapping[str, object]
    emitted: int


@dataclass(frozen=True, slots=True)
class Week:
    """The runs of one workspace, and a full pass beside them.

    Args:
        edits: Markers of edited pages that the second run brought.
        added: Markers of new ones.
        removed: Addresses it found gone.
    """

    first: Pass
    second: Pass
    third: Pass
    full: Pass
    edits: int
    added: int
    removed: int

    @property
    def share(self) -> float:
        """Return the second day's CPU time in that of a full pass."""
        return self.second.cost.cpu_s / self.full.cost.cpu_s


def measure(conditions: Conditions) -> Measured:
    """Run on both days, without and with extraction."""
    with FarmProcess(conditions.pick(SITES, _QUICK_SITES)) as farm:
        truth = farm.truth()
        bare = _week(conditions, farm, "fetch")
        read = _week(conditions, farm, "index")
    return Measured(
        _checks(bare, read, truth),
        {"fetch": asdict(bare), "index": asdict(read), "sites": len(farm.sites)},
        notes=(
            "The second run happens a day later by its clock, the third two days; "
            "a full pass is a fresh workspace on the second day.",
            f"A full pass is one with extraction. Of fetching alone the second day "
            f"costs {bare.share:.2f}: {bare.second.told.requests:,} requests, of "
            f"which {bare.second.told.conditional:,} conditional, for "
            f"{bare.full.told.requests:,}.",
        ),
        commands=(typed("fetch"), typed("index")),
    )


def _week(conditions: Conditions, farm: FarmProcess, only: str) -> Week:
    folder = write_recipe(conditions.folder / f"week-{only}", farm.sites)
    truth = farm.truth()
    farm.turn_to(1)
    first = _pass(conditions, farm, folder, only, 1)
    farm.turn_to(2)
    second = _pass(conditions, farm, folder, only, 2)
    wanted = truth.markers(2)
    found = Crawled(folder).count_markers(wanted)
    gone = {
        str(stored.event.data.get("url", ""))
        for stored in Crawled(folder).events("fetch.removed")
    }
    third = _pass(conditions, farm, folder, only, 3)
    fresh = write_recipe(conditions.folder / f"full-{only}", farm.sites)
    full = _pass(conditions, farm, fresh, only, 2)
    return Week(
        first,
        second,
        third,
        full,
        edits=len(found & truth.edited()),
        added=len(found & truth.added()),
        removed=len(gone & truth.removed()),
    )


def _pass(
    conditions: Conditions, farm: FarmProcess, folder: Path, only: str, days: int
) -> Pass:
    farm.reset()
    run = run_crawl(folder, only=only, days=days, timeout_s=_TIMEOUT_S)
    emitted = sum(Crawled(folder).counts(*_EMITTED).values())
    made = Pass(run.cost, farm.told(), _fetch_of(run), emitted)
    conditions.say(
        f"{folder.name}, day {days}: {run.cost.wall_s:.1f} s, "
        f"{run.cost.cpu_s:.1f} CPU-s, {made.told.requests} requests, "
        f"{emitted} documents, {made.fetch}"
    )
    return made


def _fetch_of(run: CrawlRun) -> Mapping[str, object]:
    told = run.summary.get("fetch")
    return told if isinstance(told, dict) else {}


def _checks(bare: Week, read: Week, truth: Truth) -> tuple[Check, ...]:
    edits, added = len(truth.edited()), len(truth.added())
    removed = len(truth.removed())
    return (
        Check(
            "second day: edits seen",
            f">= {_EDITS_SEEN:.1%}",
            f"{bare.edits} of {edits}",
            bare.edits >= _EDITS_SEEN * edits,
        ),
        Check(
            f"second day: new pages seen ({ADDED} of the whole farm)",
            "all",
            f"{bare.added} of {added}",
            bare.added == added,
        ),
        Check(
            "second day: removed pages seen",
            "all",
            f"{bare.removed} of {removed}",
            bare.removed == removed,
        ),
        Check(
            "second day: CPU against a full pass",
            "<= 0.60 x",
            f"{read.share:.2f} x (fetching alone {bare.share:.2f} x)",
            read.share <= 0.60,
        ),
        Check(
            "third pass, nothing changed: documents emitted",
            "<= 3",
            str(read.third.emitted),
            read.third.emitted <= 3,
        ),
    )
