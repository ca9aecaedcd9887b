"""The closing time of a run: what its deadline leaves alone, what it lets finish."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from subak.engine.clock import Clock
from subak.engine.curfew import Curfew
from subak.engine.journal import Journal
from subak.schedule.deadline import Deadline

# What puts together what there is, old or new; the rest costs a fetch or a call.
_EXEMPT = frozenset({"settle", "verify", "publish"})
# Where a recipe has no categories, each entity stands for one.
_GROUPED_BY = ("category", "entity")


@contextmanager
def closing(
    deadline: Deadline | None, journal: Journal, clock: Clock
) -> Iterator[Curfew | None]:
    """Tell the deadline of the run that has begun; give what keeps it in the block.

    Args:
        deadline: None for a run that may take as long as it takes.
        clock: Shows the time of day, which a deadline is about.
    """
    if deadline is None:
        yield None
        return
    curfew = Curfew(deadline.at, clock, journal, by=_GROUPED_BY, exempt=_EXEMPT)
    journal.emit(
        "deadline.set", until=deadline.at, time=deadline.told, zone=deadline.zone
    )
    journal.subscribe(curfew)
    with curfew.watching():
        yield curfew
