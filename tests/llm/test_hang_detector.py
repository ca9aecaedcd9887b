"""HangDetector: a hung call is known by what others needed, and never by a guess."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.errors import Exhausted, TimedOut
from subak.llm.hang_detector import HangDetector
from subak.llm.model import Prompt
from subak.testing.clock import VirtualClock
from tests.llm.fake_servers import FakeServer, job

TEXTS = [f"item {number}" for number in range(40)]


def _seen(patience: HangDetector, wait_s: float, calls: int = 20) -> float:
    """Let calls be answered one after the other; return the time."""
    now = 0.0
    for _ in range(calls):
        watch = patience.send(now, 100)
        now += wait_s
        patience.begin(watch, now)
        for _ in range(5):
            now += 0.1
            watch.tell(now, 1)
        patience.end(watch, now, is_answered=True)
    return now


def test_nothing_is_given_up_before_there_is_a_past() -> None:
    """The endpoint's own deadlines hold."""
    patience = HangDetector()
    patience.send(0.0, 100)
    assert patience.find_hung(10_000.0) == []


def test_call_far_beyond_all_others_is_given_up() -> None:
    """Four times the slowest, at least five seconds, ten while few are known."""
    for wait_s, calls, limit_s in [(0.5, 20, 5.0), (0.5, 5, 10.0), (6.0, 20, 24.0)]:
        patience = HangDetector()
        now = _seen(patience, wait_s, calls)
        watch = patience.send(now, 100)
        assert patience.find_hung(now + limit_s - 0.1) == []
        assert patience.find_hung(now + limit_s + 0.1) == [watch]


def test_longer_prompt_gets_more_time() -> None:
    """In proportion, where it is longer than all before."""
    patience = HangDetector()
    now = _seen(patience, 2.0)
    watch = patience.send(now, 300)
    assert patience.find_hung(now + 23.0) == []
    assert patience.find_hung(now + 25.0) == [watch]


def test_call_behind_others_is_not_given_up() -> None:
    """While an earlier one is in flight it may be queued; overtaken twice it is not."""
    patience = HangDetector()
    now = _seen(patience, 0.5)
    first = patience.send(now, 100)
    patience.begin(first, now + 0.5)
    hung = patience.send(now, 100)
    first.tell(now + 29.0, 100)
    assert patience.find_hung(now + 30.0) == []
    for _ in range(2):
        later = patience.send(now + 29.0, 100)
        patience.begin(later, now + 29.5)
    assert patience.find_hung(now + 30.0) == [hung]


def test_silence_within_a_stream_is_given_up_only_if_others_are_heard() -> None:
    """A server that stands still altogether is not a hung call."""
    patience = HangDetector()
    now = _seen(patience, 0.5)
    silent, other = patience.send(now, 100), patience.send(now, 100)
    for watch in (silent, other):
        patience.begin(watch, now + 0.5)
        watch.tell(now + 1.0, 1)
    assert patience.find_hung(now + 100.0) == []
    other.tell(now + 99.0, 1)
    assert patience.find_hung(now + 100.0) == [silent]


def test_call_given_up_before_gets_more_time_each_time() -> None:
    """A wrong guess is not repeated until the item is lost."""
    patience = HangDetector()
    now = _seen(patience, 0.5)
    watch = patience.send(now, 100, cuts=2)
    assert patience.find_hung(now + 79.0) == []
    assert patience.find_hung(now + 81.0) == [watch]


@given(st.integers(0, 2**32))
def test_no_call_within_four_times_the_slowest_is_given_up(seed: int) -> None:
    """Whatever the order in which they are answered."""
    rng, patience = Random(seed), HangDetector()
    now = _seen(patience, 2.0)
    flying = []
    for _ in range(40):
        flying.append(patience.send(now, 100))
        now += rng.random()
        if len(flying) > 3:
            watch = flying.pop(rng.randrange(len(flying)))
            patience.begin(watch, now)
            patience.end(watch, now, is_answered=True)
        for watch in patience.find_hung(now):
            assert now - watch.sent > 8.0


def test_hung_call_is_cut_and_asked_again() -> None:
    """Within seconds, not after the deadline; the connection is closed."""
    clock = VirtualClock()

    async def hang(prompt: Prompt, number: int) -> None:
        if number in (12, 20):
            await clock.sleep(3_000)

    async def scenario() -> None:
        server = FakeServer(clock, fault=hang)
        it = job([server])
        seconds = await it.ask_all(TEXTS)
        assert it.failed == {}
        assert sorted(it.done) == sorted(TEXTS)
        assert it.journal.errors() == ["TimedOut", "TimedOut"]
        assert len(server.cancelled) == 2
        assert seconds < 40
        assert "silence" in it.journal.attempts[0].message

    asyncio.run(scenario())


def test_item_that_always_hangs_fails_alone() -> None:
    """After bounded tries, each more patient than the last."""
    clock = VirtualClock()

    async def hang(prompt: Prompt, number: int) -> None:
        if prompt.messages[-1].content == "item 30":
            await clock.sleep(60)
            raise TimedOut("the endpoint's own deadline")

    async def scenario() -> None:
        it = job([FakeServer(clock, fault=hang)])
        await it.ask_all(TEXTS)
        assert list(it.failed) == ["item 30"]
        assert isinstance(it.failed["item 30"], Exhausted)

    asyncio.run(scenario())


def test_slow_start_of_all_calls_is_no_hang() -> None:
    """A server that slows down altogether loses nothing."""
    clock = VirtualClock()

    async def scenario() -> None:
        server = FakeServer(clock, first_s=0.2)
        it = job([server])
        await it.ask_all(TEXTS[:20])
        server.first_s = 8.0
        await it.ask_all(TEXTS[20:])
        assert it.failed == {}
        assert it.journal.attempts == []

    asyncio.run(scenario())


@pytest.mark.parametrize("calls", [0, 3])
def test_few_calls_prove_nothing(calls: int) -> None:
    """Below four there is no usual."""
    patience = HangDetector()
    now = _seen(patience, 0.1, calls)
    patience.send(now, 1)
    assert patience.find_hung(now + 1e6) == []
