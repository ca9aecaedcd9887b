"""Ready: what may begin comes out best first, and no lane is ever too full."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncIterator

from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.ready import Ready
from subak.engine.stage import Item, Stage
from subak.engine.tasklog import Task
from subak.knowledge.codec import JsonCodec

_PUSH = st.tuples(
    st.just("push"),
    st.sampled_from(["one", "two"]),
    st.sampled_from(["", "a", "b", "c"]),
    st.integers(0, 2),
    st.integers(0, 3),
)
_POP = st.tuples(st.just("pop"))
_LEAVE = st.tuples(st.just("leave"), st.integers(0, 99))


async def _pass(value: object) -> AsyncIterator[object]:
    yield value


def _stage(name: str, limit: int) -> Stage[object, object]:
    return Stage(name, _pass, JsonCodec(object), lane=str, lane_limit=limit)


_STAGES = {"one": _stage("one", 1), "two": _stage("two", 3)}


def _task(stage: str, lane: str, depth: int = 0, root: int = 0) -> Task:
    return Task(_STAGES[stage], Item("item", "value"), depth, root, lane)


class _Plain:
    """The same with one list, looked through each time."""

    def __init__(self) -> None:
        self.waiting: list[Task] = []
        self.begun: Counter[tuple[str, str]] = Counter()

    def is_full(self, task: Task) -> bool:
        begun = self.begun[task.stage.name, task.lane]
        return bool(task.lane) and begun >= task.stage.lane_limit

    def pop(self) -> Task | None:
        free = [task for task in self.waiting if not self.is_full(task)]
        if not free:
            return None
        best = min(free, key=lambda task: task.priority)  # the oldest of the equal
        self.waiting = [task for task in self.waiting if task is not best]
        self.begun[best.stage.name, best.lane] += 1
        return best

    def startable(self) -> int:
        rooms = {
            (task.stage.name, task.lane): task.stage.lane_limit for task in self.waiting
        }
        waiting = Counter((task.stage.name, task.lane) for task in self.waiting)
        return sum(
            count
            if not lane
            else min(count, rooms[name, lane] - self.begun[name, lane])
            for (name, lane), count in waiting.items()
        )


@settings(max_examples=200, deadline=None)
@given(st.lists(_PUSH | _POP | _LEAVE, max_size=60))
def test_ready_hands_out_what_a_plain_list_would(
    steps: list[tuple[object, ...]],
) -> None:
    """For any order of pushes, pops and leaves: the same tasks, the same numbers."""
    ready, plain = Ready(), _Plain()
    under_way: list[Task] = []
    for kind, *given_ in steps:
        if kind == "push":
            stage, lane, depth, root = given_
            task = _task(str(stage), str(lane), int(str(depth)), int(str(root)))
            ready.push(task)
            plain.waiting.append(task)
        elif kind == "pop":
            task_or_none = ready.pop()
            assert task_or_none is plain.pop()
            under_way += [task_or_none] if task_or_none else []
        elif under_way:
            task = under_way.pop(int(str(given_[0])) % len(under_way))
            ready.leave(task)
            plain.begun[task.stage.name, task.lane] -= 1
        assert ready.startable == plain.startable()
        assert ready.startable + ready.held == len(plain.waiting)


def test_ready_forgets_a_lane_that_is_empty() -> None:
    """Hosts that are done with leave nothing behind."""
    ready = Ready()
    for number in range(100):
        ready.push(_task("one", f"host{number}"))
    while task := ready.pop():
        ready.leave(task)
    assert ready.startable == ready.held == 0
    assert vars(ready)["_lanes"] == {}
    assert vars(ready)["_queue"] == []


def _seconds(waiting: int) -> float:
    """Return the processor's time for 500 tasks while so many others wait."""
    ready = Ready()
    for _ in range(waiting):
        ready.push(_task("one", "full"))
    assert ready.pop() is not None  # the lane is full from now on
    begun = time.process_time()
    for number in range(500):
        ready.push(_task("two", f"host{number % 50}"))
        task = ready.pop()
        assert task is not None
        ready.leave(task)
    return time.process_time() - begun


def test_ready_is_as_fast_beside_a_long_lane() -> None:
    """Twenty thousand tasks that wait for one host don't slow the others down."""
    alone = min(_seconds(1) for _ in range(5))
    beside = min(_seconds(20_000) for _ in range(3))
    assert beside < 5 * alone
