"""SourcePlan: what a run would ask the sources of one kind for; nothing is fetched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from subak.knowledge.documents.archive import Archive
from subak.knowledge.documents.visits import Wish, decide
from subak.sources.period import period_seconds
from subak.sources.spec import SourceSpec


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """The sources of one kind and the pages they are known to have.

    Args:
        sources: How many there are.
        pages: Pages known from earlier runs.
        asked: Pages that would be asked for as far as is known now; what a listing
            says on the day may change that.
        spared: Pages that would not.
    """

    kind: str
    sources: int
    pages: int
    asked: int
    spared: int

    def to_json(self) -> dict[str, object]:
        """Return the plan with the names of the outer contract."""
        return asdict(self)


def plan_sources(
    specs: Iterable[SourceSpec], archive: Archive, now: float
) -> tuple[SourcePlan, ...]:
    """Return what would be asked for, kind by kind, in recipe order.

    Args:
        now: Seconds since the epoch.
    """
    sources: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    spared: Counter[str] = Counter()
    for spec in specs:
        sources[spec.kind] += 1
        for is_asked in _visits(spec, archive, now):
            asked[spec.kind] += is_asked
            spared[spec.kind] += not is_asked
    return tuple(
        SourcePlan(kind, number, asked[kind] + spared[kind], asked[kind], spared[kind])
        for kind, number in sources.items()
    )


def _visits(spec: SourceSpec, archive: Archive, now: float) -> Iterable[bool]:
    """Yield for each known page of a source whether it would be asked for."""
    may_rest = spec.kind != "files" and spec.reading != "listing"
    for url in archive.of(spec.key_path or spec.name):
        known = archive.find_snapshot(url)
        if known is None:
            continue
        # The last hint stands in for the coming one, which only the site can tell.
        wish = Wish(known.hint, period_seconds(spec.every), may_rest)
        yield decide(known, wish, now, archive.trust(known)).how != "spare"
