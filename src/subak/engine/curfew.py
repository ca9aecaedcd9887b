"""Curfew: from a moment on, only what has begun is brought to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from subak.engine.clock import Alarm, Clock, alarms_of
from subak.engine.events import Event, EventSink
from subak.engine.stage import Item

T = TypeVar("T")

_BEGINNINGS = frozenset({"call.sent", "call.cached"})
_TOO_EARLY_S = 1.0


@dataclass(eq=False, slots=True)
class _Stay:
    """A task that is being done, and the scope that can end it."""

    group: str
    scope: asyncio.Timeout = field(default_factory=lambda: asyncio.timeout(None))


class Curfew:
    """Leave for the next run what has not begun by a deadline.

    Work belongs to a group: the first label of ``by`` that its item has. A group has
    begun with its first model call, and what belongs to none always may.

    Guarantees:
        Before the deadline everything may begin, and from then on only what belongs
        to a group that has begun; what was under way for another group is given up,
        before it has sent a call. Each group of which something was really to do
        and was left is told once, as "deadline.left".

    Assumes:
        One event loop. It is told the run's events (``hears`` says which).

    Args:
        at: The deadline, in seconds since the epoch.
        by: Labels that name a group, the most telling first.
        exempt: Stages that always may, for they only put together what there is.
    """

    def __init__(
        self,
        at: float,
        clock: Clock,
        events: EventSink,
        *,
        by: tuple[str, ...],
        exempt: frozenset[str] = frozenset(),
    ) -> None:
        self._at = at
        self._clock = clock
        self._events = events
        self._by = by
        self._exempt = exempt
        self._begun: set[str] = set()
        self._left: dict[str, None] = {}
        self._stays: dict[_Stay, None] = {}  # in the order of their beginning
        self._groups: dict[tuple[str, str], str] = {}
        self._is_past = False
        self._alarm: Alarm

    @property
    def left(self) -> tuple[str, ...]:
        """Return the groups of which something was left."""
        return tuple(self._left)

    def hears(self, kind: str) -> bool:
        """Tell whether it wants events of a kind."""
        return kind in _BEGINNINGS

    def __call__(self, event: Event) -> None:
        """Note that a group has begun."""
        if event.kind not in _BEGINNINGS:
            return
        group = self._groups.get((event.stage, event.item))
        if group is not None and not self._is_past:
            self._begun.add(group)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Give up what may not go on at the moment of the deadline."""
        self._set_alarm()
        try:
            yield
        finally:
            self._alarm.cancel()

    async def finish(
        self, stage: str, item: Item[object], work: Callable[[], Awaitable[T]]
    ) -> T | None:
        """Do the work and return its result, or None if it is left for the next run."""
        group = "" if stage in self._exempt else self._group(item)
        if not group:
            return await work()
        if self._clock.now() >= self._at:  # a machine that slept rings late
            self._pass()
        if self._may_not(group):
            self._leave(group, stage)
            return None
        stay = _Stay(group)
        place = (stage, item.id)
        self._stays[stay] = None
        self._groups[place] = group
        try:
            async with stay.scope:
                return await work()
        except TimeoutError:
            if not stay.scope.expired():
                raise
        finally:
            del self._stays[stay]
            self._groups.pop(place, None)
        self._leave(group, stage)
        return None

    def _set_alarm(self) -> None:
        left_s = max(0.0, self._at - self._clock.now())
        self._alarm = alarms_of(self._clock).call_later(left_s, self._ring)

    def _ring(self) -> None:
        if self._at - self._clock.now() > _TOO_EARLY_S:  # it was set back meanwhile
            self._set_alarm()
        else:
            self._pass()

    def _group(self, item: Item[object]) -> str:
        found = (item.labels.get(name, "") for name in self._by)
        return next(filter(None, found), "")

    def _may_not(self, group: str) -> bool:
        return self._is_past and group not in self._begun

    def _pass(self) -> None:
        if self._is_past:
            return
        self._is_past = True
        self._events.emit("deadline.passed", begun=len(self._begun))
        now = asyncio.get_running_loop().time()
        for stay in self._stays:
            if self._may_not(stay.group):
                stay.scope.reschedule(now)

    def _leave(self, group: str, stage: str) -> None:
        if group not in self._left:
            self._left[group] = None
            self._events.emit("deadline.left", item=group, first=stage)
