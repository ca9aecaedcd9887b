"""What was proved and what was refused, also by the run a cached task came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import apsw

from subak.engine.events import Event
from subak.views.ended_tasks import EndedTask
from subak.views.stored_events import iter_events
from subak.views.tasks import Task
from subak.views.wording import text_of

_KINDS = ("task.retried", "fact.proved", "fact.refused")
_PROVING = (
    "SELECT DISTINCT stage FROM event WHERE run IN (SELECT id FROM run)"
    " AND kind IN ('fact.proved', 'fact.refused')"
)
_PROVED_HERE = (
    "SELECT DISTINCT stage FROM event WHERE run = ?"
    " AND kind IN ('fact.proved', 'fact.refused')"
)
_BEGUN = "SELECT stage, item, started FROM begun WHERE run = ?"
_WORKED = (
    "SELECT stage, item, max(started) FROM task WHERE run = ? AND stage IN ({marks})"
    " AND state IN ('done', 'failed') GROUP BY stage, item"
)
_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class RefusedFact:
    """A value that was proposed and not proved."""

    stage: str
    item: str
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Proof:
    """How many facts were proved, and each that was refused."""

    proved: int = 0
    refused: tuple[RefusedFact, ...] = ()


def read_proof(
    db: apsw.Connection, run: str, tasks: Iterable[Task | EndedTask]
) -> Proof:
    """Return the proof behind a run's results.

    Tasks taken from the journal count with what was proved when they were done.
    """
    sources = _sources(db, run, tasks)
    told = {name: _tallies(db, name) for name in {run, *sources.values()}}
    chosen = [tally for place, tally in told[run].items() if place not in sources]
    for place, source in sources.items():
        if tally := told[source].get(place):
            chosen.append(tally)
    return Proof(
        proved=sum(tally.proved for tally in chosen),
        refused=tuple(one for tally in chosen for one in tally.refused),
    )


@dataclass(slots=True)
class _Tally:
    proved: int = 0
    refused: list[RefusedFact] = field(default_factory=list)


def _tallies(db: apsw.Connection, run: str) -> dict[_Place, _Tally]:
    stages = [stage for (stage,) in db.execute(_PROVED_HERE, (run,))]
    begun = {(s, item): ts for s, item, ts in db.execute(_BEGUN, (run,))}
    marks = ", ".join("?" * len(stages))
    for stage, item, ts in db.execute(_WORKED.format(marks=marks), (run, *stages)):
        begun[stage, item] = max(begun.get((stage, item), ts), ts)
    return _count(
        (stored.event for stored in iter_events(db, run, kinds=_KINDS)), begun
    )


def _count(
    events: Iterable[Event], begun: Mapping[_Place, float]
) -> dict[_Place, _Tally]:
    """Count per task; a new attempt starts from nothing.

    Args:
        begun: When each task was begun last.
    """
    found: dict[_Place, _Tally] = {}
    for event in events:
        place = (event.stage, event.item)
        if event.kind == "task.retried":
            found.pop(place, None)
            continue
        if event.ts < begun.get(place, event.ts):
            continue
        tally = found.setdefault(place, _Tally())
        if event.kind == "fact.proved":
            tally.proved += 1
        else:
            tally.refused.append(
                RefusedFact(
                    event.stage,
                    event.item,
                    text_of(event.data.get("field")),
                    text_of(event.data.get("reason")),
                )
            )
    return found


def _sources(
    db: apsw.Connection, run: str, tasks: Iterable[Task | EndedTask]
) -> dict[_Place, str]:
    """Return the run that did each task this run found in the journal."""
    proving = {stage for (stage,) in db.execute(_PROVING)}
    if not proving:
        return {}
    cached = {
        task.key: (task.stage, task.item)
        for task in tasks
        if task.state == "cached" and task.stage in proving
    }
    if not cached:
        return {}
    marks = ", ".join("?" * len(proving))
    rows = db.execute(
        "SELECT made.key, made.run FROM task AS now JOIN task AS made"
        " ON made.stage = now.stage AND made.item = now.item AND made.key = now.key"
        f" WHERE now.run = ? AND now.stage IN ({marks}) AND now.state = 'cached'"
        " AND made.run != now.run AND made.state = 'done' ORDER BY made.started",
        (run, *sorted(proving)),
    )
    return {cached[key]: source for key, source in rows if key in cached}
