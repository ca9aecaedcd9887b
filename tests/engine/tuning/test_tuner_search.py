"""The tuner on servers that refuse nothing: slots, knees, caps."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from bench.simulator.batch_server import BatchServer
from bench.simulator.scenarios import KNEE_32, LAPTOP
from bench.simulator.tuned import TunedLevel
from subak.engine.tuning.tuner import Tuner
from tests.engine.tuning.feeding import Feed, serve

THRASHING = replace(LAPTOP, slots=64, thrash=(6, 0.35))


@pytest.mark.parametrize("slots", [1, 2, 3, 4, 6, 8, 12])
def test_tuner_reads_slots_off_the_streams(slots: int) -> None:
    """The slots of a server are found exactly, and one call more waits there."""
    tuner = TunedLevel()
    serve(BatchServer(replace(LAPTOP, slots=slots), seed=3), tuner, count=80)
    seen = tuner.statistics()
    assert (seen.slots, seen.phase) == (slots, "hold")
    assert tuner.limit(1e6) == slots + 1
    assert seen.reason == f"the server works on {slots} at once"


def test_tuner_climbs_while_a_doubling_pays() -> None:
    """On a batching server it doubles or better, and says by how much it paid."""
    tuner = TunedLevel()
    serve(BatchServer(KNEE_32, seed=1), tuner, count=300)
    changes = tuner.take_changes()
    assert [(each.before, each.after) for each in changes[:2]] == [(4, 8), (8, 32)]
    assert "tokens/s rose" in changes[1].reason
    assert max(each.after for each in changes) >= 64
    for one, other in pairwise(changes):
        assert one.after == other.before


def test_tuner_stays_near_a_knee() -> None:
    """Where more calls thrash the server it goes back, and does not try them again."""
    tuner = TunedLevel()
    serve(BatchServer(THRASHING, seed=2), tuner, count=200)
    assert tuner.limit(1e6) in (5, 6, 7)
    looks = [each.after for each in tuner.take_changes() if each.now > 60]
    assert max(looks, default=6) <= 9
    curve = {level.limit: level.tokens_per_s for level in tuner.statistics().levels}
    assert curve[8] < curve[6]


def test_tuner_bisects_between_good_and_bad() -> None:
    """The level between the last that paid and the first that did not is tried."""
    tuner = TunedLevel()
    serve(BatchServer(THRASHING, seed=2), tuner, count=30)
    steps = [(each.before, each.after) for each in tuner.take_changes()]
    assert steps[:2] == [(4, 8), (8, 6)]


@pytest.mark.parametrize("slots", [1, 2, 7])
def test_tuner_believes_few_published_slots(slots: int) -> None:
    """Up to seven published slots settle the matter at once."""
    tuner = Tuner(slots=slots)
    assert tuner.limit(5.0) == slots + 1
    assert tuner.statistics().phase == "hold"


def test_tuner_searches_below_many_published_slots() -> None:
    """More published slots are an upper bound, within which goodput decides."""
    spec = replace(LAPTOP, slots=16, thrash=(6, 0.35))
    tuner = TunedLevel(slots=16)
    serve(BatchServer(spec, seed=4), tuner, count=120)
    assert tuner.limit(1e6) <= 8
    assert tuner.statistics().slots == 16


@pytest.mark.parametrize("slots", [0, -1, 100_000])
def test_tuner_ignores_senseless_slots(slots: int) -> None:
    """A number nobody can mean is no number."""
    assert Tuner(slots=slots).limit(0.0) == 4


@pytest.mark.parametrize("cap", [1, 2, 3, 5, 20])
def test_tuner_never_passes_its_cap(cap: int) -> None:
    """--max-parallel bounds the search."""
    tuner = Tuner(cap=cap)
    feed = Feed(tuner)
    for _ in range(12):
        calls = feed.fill()
        assert len(calls) <= cap
        feed.wait(0.1)
        feed.begin(calls)
        for _ in range(8):
            feed.wait(0.25)
            feed.stream(calls, 15)
        feed.end(calls)


def test_tuner_gives_up_slots_when_more_streams_run() -> None:
    """A server restarted with more slots is found out."""
    tuner = Tuner()
    feed = Feed(tuner)
    running = feed.fill()[:2]
    feed.begin(running)
    for _ in range(4):
        feed.wait(1.0)
        feed.stream(running, 30)
        feed.end(running)
        running = feed.send(2)
        feed.begin(running)
    feed.wait(1.0)
    assert tuner.statistics().slots == 2
    more = feed.send(1)
    feed.begin(more)
    assert tuner.statistics().slots is None


def test_tuner_tells_every_change_once() -> None:
    """Changes are handed over and forgotten; their limits are those in force."""
    tuner = TunedLevel()
    serve(BatchServer(LAPTOP, seed=1), tuner, count=40)
    changes = tuner.take_changes()
    assert str(changes[0]) == "4 -> 8: first look at twice as many"
    assert changes[-1].after == tuner.limit(1e6) == 5
    assert tuner.take_changes() == ()


def test_tuner_notices_a_throttled_machine_and_its_recovery() -> None:
    """While another client hogs the machine fewer calls are sent, then more again."""
    spec = replace(KNEE_32, thrash=None, noise=0.01)

    class Hogged(BatchServer):
        """Thrashes above eight requests from second 60 to second 400."""

        def _set_rate(self) -> None:
            super()._set_rate()
            extra = self._worked_on - 8
            if 60 < self._now < 400 and extra > 0:
                self._step *= 1 + 0.25 * extra

    tuner = TunedLevel(cap=32)
    serve(Hogged(spec, seed=1), tuner, count=2_500)
    changes = tuner.take_changes()
    before = [each for each in changes if each.now < 60][-1]
    during = [each for each in changes if 60 < each.now < 400]
    after = [each for each in changes if each.now > 400]
    assert before.after == 32
    assert min(each.after for each in during) <= 16
    assert any("fell" in each.reason for each in during)
    assert max(each.after for each in after) >= 28
