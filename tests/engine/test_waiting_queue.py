"""WaitingQueue: who is next, by class, prefix, order; nobody lost, nobody twice."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.engine.waiting_queue import Waiter, WaitingQueue


def _queue(*entries: tuple[str, tuple[int, int], str]) -> WaitingQueue[str]:
    queue: WaitingQueue[str] = WaitingQueue()
    for value, priority, prefix in entries:
        queue.push(value, priority=priority, prefix=prefix, is_again=False)
    return queue


def _all_of(queue: WaitingQueue[str], after: str = "") -> list[str]:
    return [queue.pop(after) for _ in range(len(queue))]


def test_queue_serves_later_stages_first_then_recipe_order_then_arrival() -> None:
    """The first number makes the class, the second and arrival the order in it."""
    queue = _queue(
        ("early", (-1, 5), ""),
        ("late stage", (-3, 9), ""),
        ("same", (-1, 5), ""),
        ("first root", (-1, 2), ""),
    )
    assert _all_of(queue) == ["late stage", "first root", "early", "same"]


def test_queue_lets_whoever_tries_again_go_first() -> None:
    """A refused call is at the head of its class, not of a later stage's."""
    queue = _queue(("new", (-1, 0), "p"), ("later stage", (-2, 0), ""))
    queue.push("again", priority=(-1, 7), prefix="q", is_again=True)
    assert _all_of(queue, after="p") == ["later stage", "again", "new"]


def test_queue_follows_up_with_the_prefix_that_has_just_been_served() -> None:
    """The server still holds it; without such a waiter the order decides."""
    entries = [("a1", (0, 0), "a"), ("b1", (0, 1), "b"), ("a2", (0, 2), "a")]
    queue = _queue(*entries)
    assert [queue.pop("b"), queue.pop("b"), queue.pop("b")] == ["b1", "a1", "a2"]
    assert [_queue(*entries).pop(after) for after in ("", "c")] == ["a1", "a1"]


def test_queue_prefers_a_prefix_that_no_slot_is_busy_with() -> None:
    """One prefix a slot, as long as there are others."""
    queue = _queue(("a1", (0, 0), "a"), ("a2", (0, 1), "a"), ("b1", (0, 2), "b"))
    queue.began("a")
    assert queue.pop() == "b1"
    queue.began("b")
    queue.ended("a")
    assert _all_of(queue) == ["a1", "a2"]


def test_queue_does_not_group_what_has_no_prefix() -> None:
    """Calls without a shared prefix stay in their order."""
    queue = _queue(("1", (0, 1), ""), ("2", (0, 2), ""), ("0", (0, 0), ""))
    queue.began("")
    assert _all_of(queue) == ["0", "1", "2"]


def test_queue_refuses_to_serve_when_nobody_waits() -> None:
    """Popping from nothing is a mistake of the caller."""
    with pytest.raises(LookupError):
        _queue().pop()


@given(st.integers(0, 2**32))
def test_queue_serves_everybody_once_whoever_is_dropped(seed: int) -> None:
    """Against a plain list: the same waiter is next, whatever happened before."""
    rng = Random(seed)
    queue: WaitingQueue[int] = WaitingQueue()
    waiting: list[Waiter[int]] = []
    served: Counter[str] = Counter()
    for number in range(120):
        what = rng.random()
        prefix = rng.choice(["", "a", "b", "c", "d"])
        if what < 0.5:
            priority = (rng.randrange(2), rng.randrange(4))
            waiting.append(
                queue.push(
                    number, priority=priority, prefix=prefix, is_again=what < 0.05
                )
            )
        elif what < 0.75 and waiting:
            expected = _next(waiting, served, prefix)
            assert queue.pop(prefix) == expected.value
            waiting.remove(expected)
            queue.began(expected.prefix)
            served[expected.prefix] += 1
        elif what < 0.85 and waiting:
            queue.drop(waiting.pop(rng.randrange(len(waiting))))
        elif served[prefix]:
            queue.ended(prefix)
            served[prefix] -= 1
        assert len(queue) == len(waiting)
    while waiting:
        expected = _next(waiting, served, "")
        assert queue.pop() == expected.value
        waiting.remove(expected)


def _next(waiting: list[Waiter[int]], served: Counter[str], after: str) -> Waiter[int]:
    class_ = min(waiter.class_ for waiter in waiting)
    lane = [waiter for waiter in waiting if waiter.class_ == class_]
    same = [waiter for waiter in lane if after and waiter.prefix == after]
    free = [one for one in lane if not (one.prefix and served[one.prefix])]
    return min(same or free or lane, key=lambda waiter: waiter.rank)
