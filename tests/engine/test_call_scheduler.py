"""CallScheduler and gate: what the tuner permits is used, no more and no less."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.clock import Alarm
from subak.engine.context import TaskContext, set_current_task
from subak.engine.ending import CANCELLED, Ending
from subak.engine.events import Scalar
from subak.engine.fixed_controller import FixedController, FixedStatistics
from subak.engine.limiter import CallNeed, Limiter
from subak.engine.tuning.tuner import Tuner
from subak.testing.clock import VirtualClock
from tests.engine.one_gate import OneGate

ANSWERED = Ending("answered", tokens_in=10, tokens_out=5)


@dataclass
class Said:
    """A change of mind."""

    before: int
    after: int
    reason: str


@dataclass
class FakeController:
    """Permits what the test says; checks that it is told everything once."""

    permitted: int = 2
    ready: float = 0.0
    in_flight: set[int] = field(default_factory=set)
    peak: int = 0
    sent_at: list[float] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    ticks: list[tuple[float, int]] = field(default_factory=list)
    begun: list[int] = field(default_factory=list)
    streamed: int = 0
    changes: list[Said] = field(default_factory=list)

    def limit(self, now: float) -> int:
        """Return what is permitted."""
        return self.permitted

    def ready_at(self, now: float) -> float:
        """Return when."""
        return self.ready

    def send(self, call: int, now: float, tokens_in: int) -> None:
        """Note it."""
        assert call not in self.in_flight
        self.in_flight.add(call)
        self.peak = max(self.peak, len(self.in_flight))
        self.sent_at.append(now)

    def first_token(self, call: int, now: float) -> None:
        """Note it."""
        assert call in self.in_flight
        self.begun.append(call)

    def tokens(self, call: int, now: float, count: int) -> None:
        """Note it."""
        assert call in self.in_flight
        self.streamed += count

    def end(self, call: int, now: float, ending: Ending) -> None:
        """Note it."""
        self.in_flight.remove(call)
        self.endings.append(ending)

    def tick(self, now: float, backlog: int) -> None:
        """Note it."""
        self.ticks.append((now, backlog))

    def blames_item(self) -> bool:
        """Blame nobody."""
        return False

    def take_changes(self) -> list[Said]:
        """Return what the test put there."""
        taken, self.changes = self.changes, []
        return taken

    def statistics(self) -> FixedStatistics:
        """Tell what a fixed one tells."""
        return FixedStatistics(phase="hold", reason="a test says so")


class Heard:
    """Where events go."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, dict[str, Scalar]]] = []
        self.told: list[tuple[str, dict[str, Scalar]]] = []

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Keep an event."""
        self.kept.append((kind, data))

    def tell(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Hear an event."""
        self.told.append((kind, data))


class CountingClock(VirtualClock):
    """Knows how many alarms are set."""

    def __init__(self) -> None:
        super().__init__()
        self.alarms: set[object] = set()

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Alarm:
        """Count it until it rings or is cancelled."""
        token = object()
        self.alarms.add(token)

        def ring() -> None:
            self.alarms.discard(token)
            callback()

        alarm = super().call_later(seconds, ring)
        outer = self

        class Counted:
            def cancel(self) -> None:
                outer.alarms.discard(token)
                alarm.cancel()

        return Counted()


async def _call(limiter: Limiter, clock: VirtualClock, seconds: float) -> None:
    async with limiter.slot() as slot:
        await clock.sleep(seconds / 2)
        slot.first_token()
        await clock.sleep(seconds / 2)
        slot.tokens(5)
        slot.finish(ANSWERED)


def test_limiter_tells_the_tuner_everything_once() -> None:
    """Sent, begun, streamed, ended; cancelled where nobody said how it ended."""
    clock, controller = VirtualClock(), FakeController()
    limiter = OneGate("m", controller, clock)

    async def scenario() -> None:
        await _call(limiter, clock, 1.0)
        async with limiter.slot(CallNeed(7)):
            pass

    asyncio.run(scenario())
    assert (controller.begun, controller.streamed) == ([1], 5)
    assert controller.endings == [ANSWERED, CANCELLED]
    assert controller.in_flight == set()


def test_limiter_follows_the_limit_up_and_down() -> None:
    """A risen limit is used at the next tick; of a fallen one nothing is cut off."""
    clock, controller = VirtualClock(), FakeController(permitted=1)
    limiter = OneGate("m", controller, clock)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(8):
                group.create_task(_call(limiter, clock, 10.0))
            await clock.sleep(0.1)
            assert len(controller.in_flight) == 1
            controller.permitted = 4
            await clock.sleep(0.3)
            assert len(controller.in_flight) == 4
            controller.permitted = 2
            await clock.sleep(1.0)
            assert len(controller.in_flight) == 4
            await clock.sleep(10.0)
            assert len(controller.in_flight) == 2

    asyncio.run(scenario())
    assert controller.peak == 4


def test_limiter_waits_for_the_moment_the_tuner_names() -> None:
    """One alarm, at the right time, not a poll; calls keep to the pace."""
    clock, controller = CountingClock(), FakeController(permitted=9, ready=3.0)
    limiter = OneGate("m", controller, clock)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(_call(limiter, clock, 0.1))
            await clock.sleep(1.0)
            assert len(clock.alarms) == 1
            assert controller.sent_at == []

    asyncio.run(scenario())
    assert controller.sent_at == [3.0, 3.0, 3.0]


def test_limiter_keeps_the_pace_of_a_tuner() -> None:
    """Refused with Retry-After, nothing is sent before its end."""
    clock = VirtualClock()
    limiter = OneGate("m", Tuner(), clock)
    sent: list[float] = []

    async def call() -> None:
        async with limiter.slot() as slot:
            sent.append(clock.monotonic())
            await clock.sleep(0.01)
            if len(sent) == 1:
                slot.finish(Ending("rate_limited", retry_after_s=5.0))
            else:
                slot.finish(ANSWERED)

    async def scenario() -> None:
        await call()
        async with asyncio.TaskGroup() as group:
            for _ in range(5):
                group.create_task(call())

    asyncio.run(scenario())
    assert sent[0] == 0
    assert min(sent[1:]) >= 5.0


def test_limiter_ticks_only_while_calls_are_in_flight() -> None:
    """Four times a second with the number of those that wait; then silence."""
    clock, controller = CountingClock(), FakeController(permitted=1)
    limiter = OneGate("m", controller, clock)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(_call(limiter, clock, 1.1))
            group.create_task(_call(limiter, clock, 0.1))
        assert clock.alarms == set()
        await clock.sleep(10)

    asyncio.run(scenario())
    assert controller.ticks == [(0.25, 1), (0.5, 1), (0.75, 1), (1.0, 1)]


def test_limiter_ticks_for_short_calls_too() -> None:
    """Calls shorter than a tick, one after the other, don't put it off for ever."""
    clock, controller = VirtualClock(), FakeController(permitted=1)
    limiter = OneGate("m", controller, clock)

    async def scenario() -> None:
        for _ in range(20):
            await _call(limiter, clock, 0.1)

    asyncio.run(scenario())
    assert 7 <= len(controller.ticks) <= 8


def test_limiter_tells_changes_with_their_reason_and_the_level() -> None:
    """limiter.changed is kept, limiter.level only told."""
    clock, controller, heard = VirtualClock(), FakeController(permitted=2), Heard()
    limiter = OneGate("m", controller, clock, heard)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(4):
                group.create_task(_call(limiter, clock, 1.0))
            await clock.sleep(0.1)
            controller.permitted = 4
            controller.changes.append(Said(2, 4, "tokens/s rose 71 %"))

    asyncio.run(scenario())
    changed = {"name": "m", "before": 2, "limit": 4, "reason": "tokens/s rose 71 %"}
    assert heard.kept == [("limiter.changed", changed)]
    levels = [(data["in_use"], data["limit"]) for _, data in heard.told]
    assert levels == [(1, 2), (2, 4), (4, 4), (2, 4), (0, 4)]


def test_limiter_groups_calls_by_prefix() -> None:
    """Two slots, two prefixes: each slot keeps to its own."""
    clock = VirtualClock()
    limiter = OneGate("m", FixedController(2), clock)
    served: dict[int, list[str]] = {1: [], 2: []}

    async def call(prefix: str) -> None:
        async with limiter.slot(CallNeed(10, prefix)) as slot:
            served[slot.number].append(prefix)
            await clock.sleep(1.0 if prefix == "a" else 1.5)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(12):
                group.create_task(call("ab"[number % 2]))

    asyncio.run(scenario())
    assert served == {1: ["a"] * 6 + ["b"], 2: ["b"] * 5}


def test_limiter_statistics_show_the_tuner() -> None:
    """What it does and why, for those who look."""
    limiter = OneGate("m", FakeController(permitted=3), VirtualClock())
    statistics = limiter.statistics()
    assert (statistics.name, statistics.limit, statistics.in_use) == ("m", 3, 0)
    assert (statistics.phase, statistics.reason) == ("hold", "a test says so")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_limiter_loses_no_slot_whatever_is_cancelled(seed: int) -> None:
    """Random limits, pauses and cancellations: bounds hold, no alarm is left."""
    rng = Random(seed)
    clock, controller = CountingClock(), FakeController(permitted=3)
    limiter = OneGate("m", controller, clock)
    held: set[int] = set()

    async def hold(seconds: float) -> None:
        set_current_task(TaskContext(priority=(rng.randrange(2), 0)))
        need = CallNeed(1, rng.choice(["", "a", "b"]))
        async with limiter.slot(need) as slot:
            assert slot.number not in held
            held.add(slot.number)
            try:
                await clock.sleep(seconds)
                if rng.random() < 0.5:
                    slot.first_token()
                await clock.sleep(seconds)
            finally:
                held.discard(slot.number)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(30):
                task = group.create_task(hold(rng.random()))
                if rng.random() < 0.2:
                    controller.ready = clock.monotonic() + rng.random()
                if rng.random() < 0.2:
                    controller.permitted = rng.randrange(1, 5)
                await clock.sleep(rng.random() * 0.4)
                statistics = limiter.statistics()
                assert statistics.in_use == len(held) == len(controller.in_flight)
                if rng.random() < 0.3:
                    task.cancel()

    asyncio.run(scenario())
    end = limiter.statistics()
    assert (end.in_use, end.waiting, len(controller.in_flight)) == (0, 0, 0)
    assert clock.alarms == set()


def test_limiter_uses_every_slot_the_tuner_permits() -> None:
    """At each moment somebody waits, as many are in flight as may be."""
    clock, controller = VirtualClock(), FakeController(permitted=3)
    limiter = OneGate("m", controller, clock)
    rng = Random(1)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(40):
                group.create_task(_call(limiter, clock, rng.random() + 0.1))
            await clock.sleep(0.01)
            while limiter.statistics().waiting:
                assert len(controller.in_flight) == 3
                await clock.sleep(0.05)

    asyncio.run(scenario())
    assert controller.peak == 3
