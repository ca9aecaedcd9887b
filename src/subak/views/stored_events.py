"""Events as the journal keeps them, in the order they happened."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import apsw

from subak.engine.events import Event


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event and its place in the journal."""

    id: int
    event: Event


def iter_events(
    db: apsw.Connection, run: str, *, kinds: Sequence[str] = (), after: int = 0
) -> Iterator[StoredEvent]:
    """Yield a run's events in order.

    Args:
        kinds: Only these; none means all.
        after: Only those stored after this id.
    """
    marks = ", ".join("?" * len(kinds))
    wanted = f" AND kind IN ({marks})" if kinds else ""
    rows = db.execute(
        "SELECT id, ts, kind, run, stage, item, data FROM event"
        f" WHERE run = ? AND id > ?{wanted} ORDER BY id",
        (run, after, *kinds),
    )
    for number, ts, kind, owner, stage, item, data in rows:
        yield StoredEvent(number, Event(ts, kind, owner, stage, item, json.loads(data)))
