"""What was proved and what was refused, also by the run a cached task came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import apsw

from subak.engine.events import Event
from subak.views.stored_events import iter_events
from subak.views.tasks import Task
from subak.views.wording import text_of

_KINDS = ("task.started", "task.retried", "fact.proved", "fact.refused")
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


def read_proof(db: apsw.Connection, run: str, tasks: Sequence[Task]) -> Proof:
    """Return the proof behind a run's results.

    Tasks taken from the journal count with what was proved when they were done.
    """
    sources = _sources(db, run, tasks)
    told = {name: _tallies(db, name) for name in {run, *sources.values()}}
    places = {(task.stage, task.item) for task in tasks}
    chosen = [
        tally
        for place, tally in told[run].items()
        if place not in sources or place not in places
    ]
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
    return _count(stored.event for stored in iter_events(db, run, kinds=_KINDS))


def _count(events: Iterable[Event]) -> dict[_Place, _Tally]:
    """Count per task; a new attempt starts from nothing."""
    found: dict[_Place, _Tally] = {}
    for event in events:
        place = (event.stage, event.item)
        if event.kind.startswith("task."):
            found.pop(place, None)
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


def _sources(db: apsw.Connection, run: str, tasks: Sequence[Task]) -> dict[_Place, str]:
    """Return the run that did each task this run found in the journal."""
    cached = {
        task.key: (task.stage, task.item) for task in tasks if task.state == "cached"
    }
    if not cached:
        return {}
    rows = db.execute(
        "SELECT made.key, made.run FROM task AS now JOIN task AS made"
        " ON made.stage = now.stage AND made.item = now.item AND made.key = now.key"
        " WHERE now.run = ? AND now.state = 'cached' AND made.run != now.run"
        " AND made.state = 'done' ORDER BY made.started",
        (run,),
    )
    return {cached[key]: source for key, source in rows if key in cached}
