"""What holds for the tuner whatever it is told."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.simulator.batch_server import BatchServer
from bench.simulator.scenarios import KNEE_32, LAPTOP
from bench.simulator.tuned import TunedLevel
from subak.engine.ending import Ending, EndingKind, RateLimits
from subak.engine.tuning.memory import TunerMemory
from subak.engine.tuning.tuner import Tuner
from tests.engine.tuning.feeding import Feed, serve

KINDS: tuple[EndingKind, ...] = (
    *("answered", "answered", "answered", "rate_limited"),
    *("turned_away", "timed_out", "failed", "cancelled"),
)


@dataclass
class _Chaos:
    """Tells a tuner anything, in any order."""

    tuner: Tuner
    rng: Random
    now: float = 0.0
    next_call: int = 0
    open: list[int] = field(default_factory=list)

    def step(self) -> None:
        deeds: tuple[Callable[[], None], ...] = (
            *(self._send, self._send, self._begin, self._tokens),
            *(self._end, self._tick, self._wait),
        )
        self.rng.choice(deeds)()

    def _any_call(self) -> int:
        return self.rng.choice([*self.open, -1, self.next_call + 5])

    def _send(self) -> None:
        if len(self.open) < self.tuner.limit(self.now):
            self.open.append(self.next_call)
            tokens_in = self.rng.choice([0, 1, 500])
            self.tuner.send(self.next_call, self.now, tokens_in)
            self.next_call += 1

    def _begin(self) -> None:
        self.tuner.first_token(self._any_call(), self.now)

    def _tokens(self) -> None:
        self.tuner.tokens(self._any_call(), self.now, self.rng.choice([0, 1, 30]))

    def _end(self) -> None:
        rng, call = self.rng, self._any_call()
        ending = Ending(
            rng.choice(KINDS),
            rng.choice([0, 800]),
            rng.choice([0, 5, 60]),
            rng.choice([None, None, 0.0, 2.5, -1.0]),
            rng.choice([None, 0.0, 3.0]),
            rng.choice([None, None, RateLimits(60, 0), RateLimits(None, 9_000)]),
        )
        self.tuner.end(call, self.now, ending)
        if call in self.open:
            self.open.remove(call)

    def _tick(self) -> None:
        self.tuner.tick(self.now, self.rng.choice([0, 1, 1_000]))

    def _wait(self) -> None:
        self.now += self.rng.choice([0.0, 0.01, 0.25, 5.0, 100.0])


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    cap=st.none() | st.integers(1, 40),
    slots=st.none() | st.integers(-1, 40),
    is_streaming=st.booleans(),
    start=st.sampled_from([0.0, 1e6]),
)
def test_tuner_keeps_its_bounds_whatever_happens(
    seed: int, cap: int | None, slots: int | None, is_streaming: bool, start: float
) -> None:
    """The limit stays within one and the cap; the next call is not put off for ever."""
    tuner = Tuner(is_streaming=is_streaming, cap=cap, slots=slots)
    chaos = _Chaos(tuner, Random(seed), now=start)
    for _ in range(250):
        chaos.step()
        assert 1 <= tuner.limit(chaos.now) <= (cap or 512)
        wait_s = tuner.ready_at(chaos.now) - chaos.now
        assert wait_s >= 0
        assert math.isfinite(wait_s)
    assert tuner._traffic.in_flight == len(chaos.open)
    assert 0 <= tuner._traffic.active <= len(chaos.open)
    for change in tuner.take_changes():
        assert change.reason
    assert json.loads(json.dumps(asdict(tuner.memory())))["level"] >= 1
    assert tuner.statistics().reason


@settings(max_examples=40, deadline=None)
@given(
    st.builds(
        TunerMemory,
        level=st.integers(-5, 10_000),
        slots=st.none() | st.integers(-5, 10_000),
        ceiling=st.none() | st.integers(-5, 10_000),
        pace_per_s=st.none() | st.floats(-1, 1e6),
        bad=st.none() | st.integers(-5, 10_000),
    ),
    st.booleans(),
    st.integers(0, 2**32),
)
def test_tuner_survives_any_memory(
    memory: TunerMemory, is_streaming: bool, seed: int
) -> None:
    """A senseless memory breaks nothing: the limit keeps its bounds."""
    tuner = Tuner(is_streaming=is_streaming, cap=30, memory=memory)
    chaos = _Chaos(tuner, Random(seed))
    for _ in range(80):
        chaos.step()
        assert 1 <= tuner.limit(chaos.now) <= 30


def test_tuner_memory_survives_json() -> None:
    """What a run found out is plain numbers, and the next run begins with them."""
    first = TunedLevel(is_streaming=False)
    serve(BatchServer(KNEE_32, 1), first, count=200, sight="ends")
    kept = TunerMemory(**json.loads(json.dumps(asdict(first.memory()))))
    assert kept == first.memory()
    second = Tuner(is_streaming=False, memory=kept)
    assert second.limit(0.0) == 16


def test_tuner_memory_of_another_server_is_overcome() -> None:
    """What was learned of a large server does not harm on a small one."""
    large = TunedLevel()
    serve(BatchServer(KNEE_32, 1), large, count=200)
    fresh, warm = TunedLevel(), TunedLevel(memory=large.memory())
    spec = LAPTOP
    cold_run = serve(BatchServer(spec, 1), fresh, count=80)
    warm_run = serve(BatchServer(spec, 1), warm, count=80)
    assert warm_run.makespan_s <= 1.02 * cold_run.makespan_s
    assert warm.limit(1e6) == 5


def test_tuner_remembers_a_pace() -> None:
    """A pace learned is kept from the first call of the next run on."""
    feed = Feed(Tuner(memory=TunerMemory(level=8, pace_per_s=0.5)))
    feed.send()
    assert feed.pause == 2.0


def test_tuner_remembers_a_ceiling_for_a_while() -> None:
    """A ceiling of the last run holds until it is tried again."""
    feed = Feed(Tuner(memory=TunerMemory(level=8, ceiling=2)), now=1_000.0)
    assert feed.limit == 2
    feed.now += 31
    assert feed.limit == 3


def test_tuner_starts_where_the_last_run_ended() -> None:
    """Within the cap, and not below the first guess of a run that knows nothing."""
    assert Tuner(memory=TunerMemory(level=64, is_settled=True)).limit(0.0) == 64
    assert Tuner(memory=TunerMemory(level=16)).limit(0.0) == 16
    assert Tuner(memory=TunerMemory(level=2)).limit(0.0) == 4
    assert Tuner(memory=TunerMemory(level=64), cap=3).limit(0.0) == 3
    assert Tuner(memory=TunerMemory(level=64), is_streaming=False).limit(0.0) == 16


def test_tuner_does_not_thrash_a_server_twice() -> None:
    """A second run begins at the knee the first one found, and stays there."""
    spec = replace(LAPTOP, slots=64, thrash=(6, 0.35))
    first = TunedLevel()
    serve(BatchServer(spec, 2), first, count=60)
    second = TunedLevel(memory=first.memory())
    serve(BatchServer(spec, 2), second, count=14)
    assert max((each.after for each in second.take_changes()), default=6) <= 7
