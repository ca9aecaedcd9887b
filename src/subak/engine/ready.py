"""Ready: the tasks that could begin, and those that wait for a full lane."""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush

from subak.engine.tasklog import Task

_Key = tuple[int, int, int]


@dataclass(slots=True, eq=False)
class _Lane:
    """The tasks of one lane.

    Args:
        begun: How many of them have begun and not left.
    """

    limit: int
    begun: int = 0
    waiting: list[tuple[_Key, Task]] = field(default_factory=list)

    @property
    def startable(self) -> int:
        """Return how many could begin now."""
        return min(len(self.waiting), self.limit - self.begun)


class Ready:
    """Hand out what may begin, best first: by priority, then in order of arrival.

    Tasks of stages with lanes wait in their lane; in the common queue each lane that
    is not full is represented by its best task.

    Guarantees:
        Of each lane of a stage never more than the stage's ``lane_limit`` tasks are
        begun. ``pop`` returns the first of all tasks whose lane is not full, or None
        exactly if there is none; so a full lane keeps no other task waiting. A task
        costs O(log n), however many wait.

    Assumes:
        Used in one thread. ``leave`` is called once for each task that ``pop``
        returned.
    """

    def __init__(self) -> None:
        self._queue: list[tuple[_Key, Task | _Lane]] = []
        self._lanes: dict[tuple[str, str], _Lane] = {}
        self._order = 0
        self.startable = 0
        self.held = 0

    def push(self, task: Task) -> None:
        """Add a task."""
        key = (*task.priority, self._order)
        self._order += 1
        if not task.lane:
            self.startable += 1
            heappush(self._queue, (key, task))
            return
        place = (task.stage.name, task.lane)
        lane = self._lanes.get(place)
        if lane is None:
            lane = self._lanes[place] = _Lane(task.stage.lane_limit)
        before = lane.startable
        heappush(lane.waiting, (key, task))
        self._count(lane, before, added=1)
        if lane.begun < lane.limit and lane.waiting[0][0] == key:
            heappush(self._queue, (key, lane))

    def pop(self) -> Task | None:
        """Take the task that is to begin next, None if none may."""
        while self._queue:
            key, found = heappop(self._queue)
            if isinstance(found, Task):
                self.startable -= 1
                return found
            # It may speak for a lane that is full now, or whose first has gone.
            if (
                found.begun < found.limit
                and found.waiting[:1]
                and (found.waiting[0][0] == key)
            ):
                return self._begin(found)
        return None

    def leave(self, task: Task) -> None:
        """Give the place in its lane back."""
        if not task.lane:
            return
        place = (task.stage.name, task.lane)
        lane = self._lanes[place]
        before = lane.startable
        lane.begun -= 1
        self._count(lane, before, added=0)
        if lane.waiting:
            heappush(self._queue, (lane.waiting[0][0], lane))
        elif not lane.begun:
            del self._lanes[place]

    def _begin(self, lane: _Lane) -> Task:
        before = lane.startable
        _, task = heappop(lane.waiting)
        lane.begun += 1
        self._count(lane, before, added=-1)
        if lane.startable:
            heappush(self._queue, (lane.waiting[0][0], lane))
        return task

    def _count(self, lane: _Lane, before: int, added: int) -> None:
        """Keep the sums: how many could begin, how many wait for a full lane."""
        change = lane.startable - before
        self.startable += change
        self.held += added - change
