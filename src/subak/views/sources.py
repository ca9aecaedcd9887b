"""SourceFigures: what each source of a recipe gave in a run, and when it last did."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

import apsw

from subak.views.failed_sites import FailedSite
from subak.views.fetches import FetchCounts, PageSums, read_page_sums
from subak.views.runs import Run

QUIET_DAYS = 7.0
"""A source that gave nothing for that long is pointed out."""

_DAY_S = 86_400.0
_PAST_RUNS = 60

_NAMES = """
SELECT DISTINCT json_extract(labels, '$.source') FROM task
WHERE run = ? AND stage = 'listing'
"""
_GAVE = """
SELECT DISTINCT json_extract(labels, '$.source') FROM task
WHERE run = ? AND stage = 'fetch' AND state = 'done'
"""
_EARLIER = """
SELECT id, started FROM run WHERE recipe = ?1
AND rowid < (SELECT rowid FROM run WHERE id = ?2) ORDER BY rowid DESC LIMIT ?3
"""


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """What became of the pages of one source.

    Args:
        slowest_s: The longest fetch.
        last_success: When it last gave a page, None when it never did.
        quiet_days: Days since then, as of the run.
        failures: What went wrong, host by host.
    """

    source: str
    counts: FetchCounts
    slowest_s: float = 0.0
    last_success: float | None = None
    quiet_days: float = 0.0
    failures: tuple[FailedSite, ...] = ()

    @property
    def has_failed(self) -> bool:
        """Tell whether anything of it failed."""
        return bool(self.counts.failed or self.failures)

    @property
    def is_quiet(self) -> bool:
        """Tell whether it has given nothing for long, or never."""
        return self.last_success is None or self.quiet_days >= QUIET_DAYS

    @property
    def reasons(self) -> str:
        """Return why it failed, a word for each host."""
        return ", ".join(dict.fromkeys(one.reason for one in self.failures))

    def to_json(self) -> dict[str, object]:
        """Return the figures with the names of the outer contract."""
        return {
            "source": self.source,
            **asdict(self.counts),
            "slowest_s": round(self.slowest_s, 3),
            "last_success": self.last_success,
            "quiet": self.is_quiet,
            "failures": [site.to_json() for site in self.failures],
        }


def read_sources(
    db: apsw.Connection, run: Run, sites: Iterable[FailedSite] = ()
) -> tuple[SourceFigures, ...]:
    """Return the figures of a run's sources, those with failures first.

    What is held grows with the number of sources, not of pages.
    """
    sums = {name: PageSums() for (name,) in db.execute(_NAMES, (run.id,)) if name}
    sums |= {name: one for name, one in read_page_sums(db, run.id).items() if name}
    failures: dict[str, list[FailedSite]] = {}
    for site in sites:
        failures.setdefault(site.source, []).append(site)
    gave = {name: one.last for name, one in sums.items() if one.last is not None}
    gave |= _last_gave(db, run, sums.keys() - gave.keys())
    found = []
    for name, one in sums.items():
        last = gave.get(name)
        quiet_s = 0.0 if last is None else max(run.started - last, 0.0)
        figures = SourceFigures(
            source=name,
            counts=one.to_counts(),
            slowest_s=one.slowest_s,
            last_success=last,
            quiet_days=quiet_s / _DAY_S,
            failures=tuple(failures.get(name, ())),
        )
        found.append(figures)
    return tuple(sorted(found, key=_worst_first))


def _last_gave(
    db: apsw.Connection, run: Run, names: Collection[str]
) -> dict[str, float]:
    """Return when each of these sources last gave a page, newest runs looked at first.

    Most were alive in the run before; only for long dead ones many are looked at.
    """
    found: dict[str, float] = {}
    earlier_runs = list(db.execute(_EARLIER, (run.recipe, run.id, _PAST_RUNS)))
    for earlier, started in earlier_runs:
        missing = set(names) - found.keys()
        if not missing:
            break
        for (name,) in db.execute(_GAVE, (earlier,)):
            if name in missing:
                found[name] = float(started)
    return found


def _worst_first(figures: SourceFigures) -> tuple[bool, bool, int, str]:
    return (
        not figures.has_failed,
        not figures.is_quiet,
        -figures.counts.failed,
        figures.source,
    )
