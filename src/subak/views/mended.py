"""read_mended: what went wrong in a run and was mended without anybody."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import apsw

from subak.views.stored_events import iter_events
from subak.views.wording import count, duration, shorten, text_of, time_of_day

# Of the error tree: nobody was there, or whoever was went away in the middle.
_AWAY = ("NotConnected", "ConnectionLost", "ServerFailed", "Unreachable")
_BUSY = ("Overloaded", "TimedOut")
_CALLS = (
    "SELECT endpoint, error, ts, item FROM attempt"
    " WHERE run = ? AND kind = 'call' AND error IN ({marks}) ORDER BY ts"
)
_RETRIED = (
    "SELECT stage, count(DISTINCT item) FROM attempt WHERE run = ?1 AND kind = 'task'"
    " AND retryable AND EXISTS (SELECT 1 FROM task WHERE +task.run = ?1"
    " AND +task.stage = attempt.stage AND task.item = attempt.item"
    " AND task.state = 'done') GROUP BY stage ORDER BY stage"
)
_MOST_EASED = 3


@dataclass(slots=True)
class _Trouble:
    """What one server did wrong."""

    first: float
    last: float
    calls: int = 0
    items: set[str] = field(default_factory=set)

    @property
    def seconds(self) -> float:
        """Return from the first failure to the last."""
        return max(self.last - self.first, 0.0)


def read_mended(
    db: apsw.Connection, run: str, failed_items: Collection[str]
) -> tuple[str, ...]:
    """Return a sentence for each thing that somebody may ask about.

    Args:
        failed_items: What failed for good; of that nothing is said here.
    """
    return (
        *_server_words(db, run, failed_items),
        *_retried_words(db, run),
        *_eased_words(db, run),
    )


def _server_words(
    db: apsw.Connection, run: str, failed_items: Collection[str]
) -> Iterator[str]:
    troubles: dict[tuple[str, bool], _Trouble] = {}
    marks = ", ".join("?" * len(_AWAY + _BUSY))
    rows = db.execute(_CALLS.format(marks=marks), (run, *_AWAY, *_BUSY))
    for endpoint, error, ts, item in rows:
        if item in failed_items:
            continue
        place = (str(endpoint), error in _AWAY)
        trouble = troubles.setdefault(place, _Trouble(ts, ts))
        trouble.last, trouble.calls = ts, trouble.calls + 1
        trouble.items.add(str(item))
    for (endpoint, is_away), trouble in troubles.items():
        yield _trouble_words(endpoint, trouble, is_away=is_away)


def _trouble_words(endpoint: str, trouble: _Trouble, *, is_away: bool) -> str:
    at = f" at {shorten(_host(endpoint), 60)}" if endpoint else ""
    what = "went away" if is_away else "was too busy"
    when = f"at {time_of_day(trouble.first)}"
    if trouble.seconds >= 1:
        when += f" (failures for {duration(trouble.seconds)})"
    again = "was" if trouble.calls == 1 else "were"
    return (
        f"The model server{at} {what} {when}; {count(trouble.calls, 'call')} {again}"
        f" sent again and answered, for {count(len(trouble.items), 'item')}."
    )


def _host(endpoint: str) -> str:
    try:
        return urlsplit(endpoint).netloc.rpartition("@")[2] or endpoint
    except ValueError:
        return endpoint


def _retried_words(db: apsw.Connection, run: str) -> Iterator[str]:
    for stage, items in db.execute(_RETRIED, (run,)):
        yield (
            f"{count(items, 'item')} of {stage} failed at first and"
            f" {'was' if items == 1 else 'were'} done on a later try."
        )


def _eased_words(db: apsw.Connection, run: str) -> Iterator[str]:
    kinds = ("machine.eased",)
    told = [stored.event for stored in iter_events(db, run, kinds=kinds)]
    for event in told[:_MOST_EASED]:
        words = text_of(event.data.get("words"))
        yield f"The machine was spared at {time_of_day(event.ts)}: {words}."
    if len(told) > _MOST_EASED:
        yield f"And {count(len(told) - _MOST_EASED, 'time')} more: subak logs."
