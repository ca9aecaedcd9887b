"""WaitingQueue: who is served next, of those who wait for a model.

Knows neither limits nor time. Nothing here is linear in the number of waiters.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

_Rank = tuple[int, int]
_Class = tuple[int, bool]


@dataclass(slots=True, eq=False)
class Waiter(Generic[T]):
    """One who waits.

    Args:
        rank: Place among those of its class: recipe order, then arrival.
        prefix: How its prompt begins; "" for none that could be shared.
        value: What it is to be served with.
    """

    rank: _Rank
    prefix: str
    value: T
    class_: _Class = (0, False)
    is_gone: bool = False


class WaitingQueue(Generic[T]):
    """Waiters by class, then by shared prefix, then by order.

    The first number of a priority makes the class. In a class those come first who
    were in front before (tries again); then who shares the prefix of the call that
    just left, because the server still holds it; then prefixes that nobody else is
    being served with, so that each of the server's slots keeps to one prefix; then
    recipe order and arrival.

    Guarantees:
        Whoever waits is served exactly once or dropped. Pushing, popping and dropping
        cost O(log n), amortised.
    """

    def __init__(self) -> None:
        self._lanes: dict[_Class, _Lane[T]] = {}
        self._served: dict[str, int] = {}
        self._order = 0
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def push(
        self, value: T, *, priority: tuple[int, int], prefix: str, is_again: bool
    ) -> Waiter[T]:
        """Let somebody wait."""
        self._order += 1
        class_ = (priority[0], not is_again)
        waiter = Waiter((priority[1], self._order), prefix, value, class_)
        lane = self._lanes.get(class_)
        if lane is None:
            lane = self._lanes[class_] = _Lane(self._served)
        lane.push(waiter)
        self._size += 1
        return waiter

    def pop(self, after: str = "") -> T:
        """Take out whoever is next.

        Args:
            after: Prefix of the call whose place is given away.

        Raises:
            LookupError: Nobody waits.
        """
        class_ = min(self._lanes, default=None)
        if class_ is None:
            raise LookupError("nobody waits")
        lane = self._lanes[class_]
        waiter = lane.pop(after)
        self._forget(class_, lane)
        return waiter.value

    def drop(self, waiter: Waiter[T]) -> None:
        """Forget one who waits no more."""
        lane = self._lanes.get(waiter.class_)
        if waiter.is_gone or lane is None:
            return
        waiter.is_gone = True
        lane.size -= 1
        self._forget(waiter.class_, lane)

    def began(self, prefix: str) -> None:
        """Note that a call with this prefix is being served."""
        if prefix:
            served = self._served[prefix] = self._served.get(prefix, 0) + 1
            if served == 1:
                self._moved(prefix)

    def ended(self, prefix: str) -> None:
        """Note that such a call has ended."""
        if prefix:
            served = self._served[prefix] = self._served[prefix] - 1
            if served <= 0:
                del self._served[prefix]
                self._moved(prefix)

    def _moved(self, prefix: str) -> None:
        for lane in self._lanes.values():
            if prefix in lane.groups:
                lane.offer(prefix)

    def _forget(self, class_: _Class, lane: _Lane[T]) -> None:
        self._size -= 1
        if lane.size == 0:
            del self._lanes[class_]


class _Lane(Generic[T]):
    """The waiters of one class, in groups of the same prefix.

    While there are several groups, their heads stand in one of two heaps: that of
    prefixes being served, or that of the others. An entry is valid while it names the
    head of its group and stands in the right heap; others are thrown away when they
    come up. No entry is made twice. A single group needs none of that.
    """

    def __init__(self, served: Mapping[str, int]) -> None:
        self.size = 0
        self._served = served
        self.groups: dict[str, list[tuple[_Rank, Waiter[T]]]] = {}
        self._heads: tuple[list[tuple[_Rank, str]], list[tuple[_Rank, str]]] = ([], [])
        self._offered: tuple[dict[str, _Rank], dict[str, _Rank]] = ({}, {})

    def push(self, waiter: Waiter[T]) -> None:
        group = self.groups.get(waiter.prefix)
        if group is None:
            group = self.groups[waiter.prefix] = []
            if len(self.groups) == 2:
                self.offer(next(iter(self.groups)))
        heapq.heappush(group, (waiter.rank, waiter))
        self.size += 1
        if group[0][1] is waiter and len(self.groups) > 1:
            self.offer(waiter.prefix)

    def pop(self, after: str) -> Waiter[T]:
        prefix = after if after and self._head(after) is not None else self._best()
        group = self.groups[prefix]
        waiter = heapq.heappop(group)[1]
        self.size -= 1
        waiter.is_gone = True
        if not group:
            del self.groups[prefix]
        elif len(self.groups) > 1:
            self.offer(prefix)
        return waiter

    def offer(self, prefix: str) -> None:
        """Enter the head of a group into the heap where it belongs."""
        rank = self._head(prefix)
        is_served = prefix in self._served
        offered = self._offered[is_served]
        if rank is not None and offered.get(prefix) != rank:
            offered[prefix] = rank
            heapq.heappush(self._heads[is_served], (rank, prefix))

    def _best(self) -> str:
        if len(self.groups) == 1:
            (prefix,) = self.groups
            if self._head(prefix) is not None:
                return prefix
        for is_served, heap in enumerate(self._heads):
            while heap:
                rank, prefix = heap[0]
                is_right = (prefix in self._served) == bool(is_served)
                if is_right and self._head(prefix) == rank:
                    return prefix
                heapq.heappop(heap)
                if self._offered[is_served].get(prefix) == rank:
                    del self._offered[is_served][prefix]
                if is_right:  # its head was dropped
                    self.offer(prefix)
        raise LookupError("nobody waits")

    def _head(self, prefix: str) -> _Rank | None:
        group = self.groups.get(prefix)
        if group is None:
            return None
        while group and group[0][1].is_gone:
            heapq.heappop(group)
        if not group:
            del self.groups[prefix]
            return None
        return group[0][0]
